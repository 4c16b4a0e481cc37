package io.github.lightning4j.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    private static final LockPulse QUICK =
            new LockPulse(Duration.ofMillis(20), Duration.ofMillis(400), Duration.ofMillis(50));

    @TempDir
    Path folder;

    private final LockOwner me = LockOwner.thisProcess();

    @Test
    void lock_keepsOtherThreadsOut_andNotItsOwn() throws IOException {
        try (DirectoryLock lock = DirectoryLock.take(folder)) {
            DirectoryLock.take(folder).close();
            assertThatThrownBy(
                            () -> CompletableFuture.runAsync(this::takeAndClose).join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(DirectoryHeldException.class)
                    .hasMessageContaining("of this process");
            assertThat(lock.isLost()).isFalse();
        }
        assertThat(folder.resolve(DirectoryLock.NAME)).isEmptyFile();
        assertThatCode(() -> CompletableFuture.runAsync(this::takeAndClose).join())
                .doesNotThrowAnyException();
    }

    @Test
    void lock_isOfADirectory_howeverItIsNamed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
        try (DirectoryLock lock = DirectoryLock.take(folder)) {
            assertThatThrownBy(() -> CompletableFuture.runAsync(() -> takeAndClose(link.resolve(".")))
                            .join())
                    .hasRootCauseInstanceOf(DirectoryHeldException.class);
        } finally {
            Files.delete(link);
        }
    }

    private void takeAndClose() {
        takeAndClose(folder);
    }

    private static void takeAndClose(Path directory) {
        try {
            DirectoryLock.take(directory).close();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void interruptedThread_takesIt_andStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        try (DirectoryLock lock = DirectoryLock.take(folder)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(LockOwner.parse(Files.readAllBytes(folder.resolve(DirectoryLock.NAME))))
                    .isNotNull();
        }
    }

    /** Where the system's lock is granted though the owner lives, as on file systems without locks. */
    @Test
    void livingOwnerOnThisMachine_isRecognised() throws IOException, InterruptedException {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            long start = other.info().startInstant().orElseThrow().toEpochMilli();
            write(new LockOwner(me.host(), me.processes(), other.pid(), start, "other", 7));
            assertThatThrownBy(() -> DirectoryLock.take(folder))
                    .isInstanceOf(DirectoryHeldException.class)
                    .hasMessageContaining("process " + other.pid() + " on " + me.host());

            write(new LockOwner(me.host(), me.processes(), other.pid(), start - 60_000, "other", 7));
            DirectoryLock.take(folder).close();
            write(new LockOwner(me.host(), me.processes(), other.pid(), start, "other", 7));
        } finally {
            other.destroyForcibly().waitFor();
        }
        DirectoryLock.take(folder).close();
    }

    @Test
    void ownerOnAnotherMachine_isWatched_whereMachinesShareFiles() throws IOException {
        LockOwner elsewhere = new LockOwner("elsewhere", "", me.pid(), me.startedAt(), "other", 0);
        write(elsewhere);
        DirectoryLock.take(folder, LockPulse.NONE).close();

        write(elsewhere);
        DirectoryLock.take(folder, QUICK).close();

        write(elsewhere);
        CompletableFuture<Void> beating = CompletableFuture.runAsync(() -> beat(elsewhere));
        assertThatThrownBy(() -> DirectoryLock.take(folder, QUICK))
                .isInstanceOf(DirectoryHeldException.class)
                .hasMessageContaining("elsewhere");
        beating.join();
    }

    private void beat(LockOwner owner) {
        LockOwner present = owner;
        try {
            for (int i = 0; i < 20; i++) {
                Thread.sleep(20);
                present = present.beaten();
                write(present);
            }
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void ownerThatWasTakenForDead_noticesIt() throws IOException, InterruptedException {
        try (DirectoryLock lock = DirectoryLock.take(folder, QUICK)) {
            long first = LockOwner.parse(Files.readAllBytes(folder.resolve(DirectoryLock.NAME)))
                    .beat();
            Thread.sleep(200);
            assertThat(LockOwner.parse(Files.readAllBytes(folder.resolve(DirectoryLock.NAME)))
                            .beat())
                    .isGreaterThan(first);
            LockOwner thief = new LockOwner("elsewhere", "", 1, 0, "thief", 0);
            write(thief);
            Thread.sleep(200);

            assertThat(lock.isLost()).isTrue();
        }
        assertThat(LockOwner.parse(Files.readAllBytes(folder.resolve(DirectoryLock.NAME)))
                        .token())
                .isEqualTo("thief");
    }

    @Test
    void contentThatTellsOfNobody_keepsNobodyOut() throws IOException {
        for (String text : new String[] {"", "\0\0\0", "{", "{}", "x".repeat(100_000)}) {
            Files.writeString(folder.resolve(DirectoryLock.NAME), text);
            DirectoryLock.take(folder).close();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void somethingThatIsNoFile_isNotOpened() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(
                                "mkfifo", folder.resolve(DirectoryLock.NAME).toString())
                        .start()
                        .waitFor())
                .isZero();
        DirectoryLock.take(folder).close();
    }

    private void write(LockOwner owner) throws IOException {
        Files.write(folder.resolve(DirectoryLock.NAME), owner.toBytes());
    }
}
