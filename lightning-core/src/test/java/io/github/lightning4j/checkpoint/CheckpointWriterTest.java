package io.github.lightning4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.checkpoint.internal.SafetensorsReader;
import io.github.lightning4j.internal.io.AtomicFile;
import io.github.lightning4j.internal.torch.GradMode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWriterTest {
    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray weight = manager.arange(1000f).reshape(10, 100);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void write_replacesTheFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("run/checkpoints/last.safetensors");
        try (CheckpointWriter writer = CheckpointWriter.direct()) {
            writer.write(file, tree());
            weight.addi(1);
            writer.write(file, tree());
        }
        assertThat(weightIn(file)).startsWith(1, 2, 3);
        assertThat(namesIn(file.getParent())).containsExactly("last.safetensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 700, 4000, 4100})
    void aDiskThatFillsUp_isAnErrorAndTheOlderFileSurvives(long room) throws IOException {
        Path file = folder.resolve("last.safetensors");
        CheckpointWriter.direct().write(file, tree());
        weight.addi(1);
        float[] before = weight.toFloatArray();
        CheckpointWriter full =
                new DirectCheckpointWriter(path -> new FullDisk(AtomicFile.Opener.NORMAL.open(path), room));

        assertThatThrownBy(() -> full.write(file, tree()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("No space left on device")
                .hasCauseInstanceOf(IOException.class);

        assertThat(weight.toFloatArray()).containsExactly(before);
        assertThat(weightIn(file)).startsWith(0, 1, 2);
        assertThat(namesIn(folder)).containsExactly("last.safetensors");
    }

    @Test
    void aRealSmallDiskAndAReadOnlyOne_areErrors() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount.toString()), "may not mount");
        try {
            Path file = mount.resolve("last.safetensors");
            CheckpointWriter.direct().write(file, tree());
            StateTreeWriter large = tree();
            large.putTensor("large", manager.zeros(new Shape(50_000)));
            assertThatThrownBy(() -> CheckpointWriter.direct().write(file, large))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("No space left");
            assertThat(namesIn(mount)).containsExactly("last.safetensors");
            assertThat(weightIn(file)).startsWith(0, 1, 2);

            assumeTrue(command("mount", "-o", "remount,ro", mount.toString()));
            assertThatThrownBy(() -> CheckpointWriter.direct().write(file, tree()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("Read-only file system");
            assertThat(weightIn(file)).startsWith(0, 1, 2);
        } finally {
            command("umount", mount.toString());
        }
    }

    @Test
    void aFolderThatIsAFile_isAnError() throws IOException {
        Path file = Files.createFile(folder.resolve("taken")).resolve("last.safetensors");
        assertThatThrownBy(() -> CheckpointWriter.direct().write(file, tree()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void stateThatCannotBeSaved_leavesNoTemporaryFile() throws IOException {
        StateTreeWriter tree = tree();
        tree.putString("text", "\ud800");
        assertThatThrownBy(() -> CheckpointWriter.direct().write(folder.resolve("a.safetensors"), tree))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Unicode");
        assertThat(namesIn(folder)).isEmpty();
    }

    @Test
    void temporariesOfKilledProcesses_areRemovedAndThoseInUseStay() throws Exception {
        Path stale = Files.createFile(folder.resolve(".last.safetensors.0123" + AtomicFile.TEMPORARY));
        Path other = Files.createFile(folder.resolve(".other"));
        Path inUse = Files.createFile(folder.resolve(".last.safetensors.4567" + AtomicFile.TEMPORARY));
        try (Process holder = lockInAnotherProcess(inUse)) {
            CheckpointWriter.direct().write(folder.resolve("last.safetensors"), tree());
            assertThat(stale).doesNotExist();
            assertThat(other).exists();
            assertThat(inUse).exists();
            assertThat(holder.process.isAlive()).isTrue();
        }
        AtomicFile.removeStaleTemporaries(folder);
        assertThat(inUse).doesNotExist();
        AtomicFile.removeStaleTemporaries(folder.resolve("absent"));
    }

    @Test
    void anInterruptedThread_savesAndStaysInterrupted() {
        Path file = folder.resolve("last.safetensors");
        Thread.currentThread().interrupt();
        try {
            CheckpointWriter.direct().write(file, tree());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(weightIn(file)).startsWith(0, 1, 2);
    }

    @Test
    void background_writesWhatWasThereWhenItWasAsked() {
        Path file = folder.resolve("last.safetensors");
        CountDownLatch trained = new CountDownLatch(1);
        NDArray turned = weight.transpose();
        weight.setRequiresGradient(true);
        try (CheckpointWriter writer = new BackgroundCheckpointWriter(path -> {
            waitFor(trained);
            return AtomicFile.Opener.NORMAL.open(path);
        })) {
            StateTreeWriter tree = tree();
            tree.putTensor("turned", turned);
            writer.write(file, tree);
            try (GradMode off = GradMode.off()) {
                weight.muli(0);
            }
            writer.check();
            assertThat(file).doesNotExist();
            trained.countDown();
            writer.await();
        }
        assertThat(weightIn(file)).startsWith(0, 1, 2);
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            NDArray read = StateTreeReader.of(reader, "", Map.of()).newTensor("turned", manager);
            assertThat(read.toFloatArray()).startsWith(0, 100, 200);
        }
    }

    @Test
    void background_stateThatChangesFromSaveToSave_isWrittenAsItIs() {
        Path file = folder.resolve("last.safetensors");
        try (CheckpointWriter writer = CheckpointWriter.background()) {
            for (int i = 0; i < 6; i++) {
                StateTreeWriter tree = tree();
                // Large enough to be kept from one save to the next; now and then it has another shape or is gone.
                NDArray large = manager.full(new Shape(i < 4 ? 600 : 300, 1000), (float) i);
                if (i != 2) {
                    tree.putTensor("large", i == 3 ? large.transpose() : large);
                }
                writer.write(file, tree);
                large.muli(0);
                writer.await();
                try (Checkpoint checkpoint = Checkpoint.open(file)) {
                    assertThat(checkpoint.state().has("large")).isEqualTo(i != 2);
                    if (i != 2) {
                        NDArray read = checkpoint.state().newTensor("large", manager);
                        assertThat(read.getFloat(0, 0)).isEqualTo(i);
                        assertThat(read.min().getFloat()).isEqualTo(read.max().getFloat());
                    }
                }
            }
        }
    }

    @Test
    void background_failure_surfacesAtTheNextCallOnce() {
        try (CheckpointWriter writer = new BackgroundCheckpointWriter(path -> {
            throw new IOException("No space left on device");
        })) {
            for (int i = 0; i < 2; i++) {
                writer.write(folder.resolve("a.safetensors"), tree());
                assertThatThrownBy(writer::await)
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("a.safetensors")
                        .hasMessageContaining("No space left on device");
                writer.check();
            }
            writer.write(folder.resolve("a.safetensors"), tree());
            assertThatThrownBy(() -> writer.write(folder.resolve("b.safetensors"), tree()))
                    .hasMessageContaining("a.safetensors");
        }
    }

    private StateTreeWriter tree() {
        StateTreeWriter tree = new StateTreeWriter();
        tree.putTensor("weight", weight);
        tree.putLong("step", 5);
        return tree;
    }

    private float[] weightIn(Path file) {
        try (SafetensorsReader reader = SafetensorsReader.open(file);
                NDArray array = StateTreeReader.of(reader, "", Map.of()).newTensor("weight", manager)) {
            return array.toFloatArray();
        }
    }

    private static java.util.List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> Objects.requireNonNull(path.getFileName()).toString())
                    .toList();
        }
    }

    private static boolean command(String... words) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(words).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Process(java.lang.Process process) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    /** Another JVM that holds the lock a writer holds. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                System.out.println(lock.isValid());
                Thread.sleep(60_000);
            }
        }
    }

    private static Process lockInAnotherProcess(Path file) throws IOException {
        java.lang.Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("true");
        return new Process(process);
    }

    /** A file on a disk with so many bytes of room. */
    private static final class FullDisk extends ForwardingFileChannel {
        private long room;

        FullDisk(FileChannel channel, long room) {
            super(channel);
            this.room = room;
        }

        @Override
        int room(int bytes) {
            int fits = (int) Math.min(bytes, room);
            room -= fits;
            return fits;
        }
    }
}
