package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.internal.io.DirectoryLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run that is started where another one is still going on. */
@Timeout(120)
class OverlappingStartsTest {
    @TempDir
    Path folder;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anotherProcess_isKeptOut_untilTheFirstIsKilled() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        SignalledTraining.class.getName(),
                        folder.toString(),
                        "train")
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (!line.contains("TRAINING")) {
            line = output.readLine();
        }
        CompletableFuture<Void> rest =
                CompletableFuture.runAsync(() -> output.lines().forEach(each -> {}));

        assertThatThrownBy(this::resume)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Another run is writing to " + folder)
                .hasMessageContaining("process " + process.pid());
        assertThatThrownBy(() -> resume(builder -> builder.waitForRunDirectory(Duration.ofMillis(300))))
                .hasMessageContaining("Another run is writing to " + folder);
        assertThat(process.isAlive()).isTrue();

        CompletableFuture<FitResult> waiting =
                CompletableFuture.supplyAsync(() -> resume(each -> each.waitForRunDirectory(Duration.ofMinutes(1))));
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(waiting).isNotDone();
        process.destroyForcibly();

        assertThat(waiting.join().runDirectory()).isEqualTo(folder);
        rest.join();
    }

    @Test
    void everyPlaceARunWritesTo_isLockedBeforeItIsTouched() throws IOException {
        Path checkpoint = resume().bestCheckpoint();
        Path shared = folder.resolve("shared");
        List<Consumer<Trainer.Builder>> places = List.of(
                builder -> builder.runDirectory(folder),
                builder -> builder.runDirectory(folder).autoResume(true),
                builder -> builder.runDirectory(folder.resolve("new")).autoResume(true),
                builder -> builder.runDirectory(folder.resolve("new")),
                builder -> builder.defaultRootDir(folder.resolve("root"))
                        .callbacks(ModelCheckpoint.builder().dirpath(shared).build()));
        List<Path> locked = List.of(folder, folder, folder.resolve("new"), folder.resolve("new"), shared);
        for (int i = 0; i < places.size(); i++) {
            Consumer<Trainer.Builder> place = places.get(i);
            Path held = locked.get(i);
            held.toFile().mkdirs();
            whileHeld(
                    held,
                    () -> assertThatThrownBy(() -> fit(null, place))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("Another run is writing to " + held));
            assertThat(held.resolve("starts.csv").toFile().exists()).isEqualTo(held.equals(folder));
        }
        whileHeld(
                folder,
                () -> assertThatThrownBy(() -> fit(CkptPath.of(checkpoint), builder -> {}))
                        .hasMessageContaining("Another run is writing to "));
        whileHeld(
                folder, () -> fit(null, builder -> builder.runDirectory(folder).fastDevRun(true)));
    }

    @Test
    void aTestAfterAFit_waitsForAnotherStart() {
        Trainer trainer = builder().runDirectory(folder).build();
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule()) {
            trainer.fit(module, data.regression(2, 1));
            CountDownLatch held = new CountDownLatch(1);
            CompletableFuture<Long> releasedAt = CompletableFuture.supplyAsync(() -> {
                try (DirectoryLock lock = DirectoryLock.take(folder)) {
                    held.countDown();
                    pause();
                    return System.nanoTime();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            held.await();

            assertThat(trainer.test(module, data.regression(2, 1))).isNotEmpty();
            assertThat(System.nanoTime()).isGreaterThan(releasedAt.join());
            assertThat(releasedAt).isDone();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void waiting_endsWithRequestStop() throws IOException, InterruptedException {
        Trainer trainer = builder()
                .runDirectory(folder)
                .waitForRunDirectory(Duration.ofHours(1))
                .build();
        whileHeld(folder, () -> {
            Thread stopper = new Thread(() -> {
                pause();
                trainer.requestStop();
            });
            stopper.start();
            try (TestData data = TestData.open();
                    WeightModule module = new WeightModule()) {
                assertThatThrownBy(() -> trainer.fit(module, data.ones(2, 1)))
                        .isInstanceOf(LightningException.class)
                        .hasMessageContaining("requestStop() was called");
            }
        });
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lock is a thread's, so another one holds it here. */
    private void whileHeld(Path held, Runnable body) throws IOException {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> {
            try (DirectoryLock lock = DirectoryLock.take(held)) {
                taken.countDown();
                done.await();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        try {
            taken.await();
            body.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            done.countDown();
            holder.join();
        }
    }

    private FitResult resume() {
        return resume(builder -> {});
    }

    private FitResult resume(Consumer<Trainer.Builder> more) {
        return fit(null, more.andThen(builder -> builder.runDirectory(folder).autoResume(true)));
    }

    private static FitResult fit(CkptPath from, Consumer<Trainer.Builder> more) {
        Trainer.Builder builder = builder();
        more.accept(builder);
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            return from == null
                    ? builder.build().fit(module, data.ones(2, 1))
                    : builder.build().fit(module, data.ones(2, 1), from);
        }
    }

    private static Trainer.Builder builder() {
        return Trainer.builder().maxEpochs(1).seed(1).enableProgressBar(false).enableModelSummary(false);
    }
}
