package io.github.lightning4j.benchmark;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.checkpoint.CheckpointFolder;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Shows that an epoch costs the same however long the run has been: epochs of one step with the default checkpoint. By hand,
 * with the folder to write to and the number of epochs:
 *
 * <pre>java -cp ... io.github.lightning4j.benchmark.LongRunBenchmark DIRECTORY [EPOCHS]</pre>
 */
public final class LongRunBenchmark {
    private static final int EVERY = 1_000;
    private static final PrintStream OUT = System.out;

    private LongRunBenchmark() {}

    public static void main(String[] args) {
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        Watch watch = new Watch();
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            Trainer.builder()
                    .maxEpochs(epochs)
                    .seed(1)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .runDirectory(Path.of(args[0]))
                    .callbacks(watch)
                    .build()
                    .fit(module, data.ones(1, 1));
        }
        watch.report(epochs);
    }

    /** Notes time and size of each thousand. */
    private static final class Watch implements Callback {
        private long startedAt = System.nanoTime();
        private double second;
        private double last;
        private long secondSize;
        private long lastSize;

        @Override
        public void onTrainEpochStart(Run run) {
            if (run.epoch() == 0 || run.epoch() % EVERY != 0) {
                return;
            }
            mark(run.epoch() / EVERY, CheckpointFolder.of(run.directory()));
        }

        private void mark(long thousand, Path folder) {
            last = (System.nanoTime() - startedAt) / 1e9;
            lastSize = size(folder);
            if (thousand == 2) {
                second = last;
                secondSize = lastSize;
            }
            OUT.printf("epochs to %6d: %6.2f s, checkpoint %d bytes%n", thousand * EVERY, last, lastSize);
            startedAt = System.nanoTime();
        }

        private static long size(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.mapToLong(file -> file.toFile().length()).sum();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void report(int epochs) {
            last = (System.nanoTime() - startedAt) / 1e9;
            OUT.printf(
                    "epochs to %6d: %6.2f s. The last thousand took %.2f times the second; the size changed by %.2f %%%n",
                    epochs, last, last / second, 100.0 * (lastSize - secondSize) / secondSize);
        }
    }
}
