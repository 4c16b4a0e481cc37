package io.github.lightning4j.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.data.TensorDataset;
import io.github.lightning4j.fixture.Malloc;
import io.github.lightning4j.internal.torch.NativeMemory;
import io.github.lightning4j.internal.torch.TorchRuntime;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A long training with logging, progress and CSV on: resident memory, live arrays, malloc and time per step must stay
 * where they were a quarter of the way in.
 *
 * <p>By hand: {@code EnduranceMain [steps] [clean|leaky]} with {@code -Xms256m -Xmx256m -XX:+AlwaysPreTouch
 * -XX:MaxDirectMemorySize=64m}; without AlwaysPreTouch resident memory grows as Java first touches its heap. In the leaky
 * mode the user's step does what leaks in DJL.
 */
public final class EnduranceMain {
    private static final int SAMPLES = 8000;
    private static final double MEGABYTE = 1 << 20;
    private static final int PAGE_BYTES = 4096;

    private EnduranceMain() {}

    /**
     * What was measured. Memory is compared from a quarter of the steps on.
     *
     * @param residentGrowth growth of resident memory in MB
     * @param allocatedGrowth growth of what malloc has handed out in MB
     * @param arraysGrowth growth of the number of live arrays
     * @param cpuEarly median CPU time of a step after a quarter, in microseconds
     * @param cpuLate median CPU time of the last steps, in microseconds
     * @param before live arrays and managers before the fit
     * @param after live arrays and managers after the module was closed
     */
    record Report(
            double residentGrowth,
            double allocatedGrowth,
            int arraysGrowth,
            double cpuEarly,
            double cpuLate,
            NativeMemory before,
            NativeMemory after) {}

    public static void main(String[] arguments) throws IOException {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        boolean leaky = arguments.length > 1 && arguments[1].equals("leaky");
        Path folder = Files.createTempDirectory("endurance");
        Report report = run(steps, leaky, folder, true);
        System.out.printf(
                "%n%d steps, %s, from step %d on: resident %+.1f MB, malloc %+.2f MB, live arrays %+d; median CPU time of a"
                        + " step %.0f us then, %.0f us at the end (%+.1f %%); arrays and managers before %s, after %s%n",
                steps,
                leaky ? "leaky" : "clean",
                steps / 4,
                report.residentGrowth(),
                report.allocatedGrowth(),
                report.arraysGrowth(),
                report.cpuEarly(),
                report.cpuLate(),
                100 * (report.cpuLate() / report.cpuEarly() - 1),
                report.before(),
                report.after());
    }

    static Report run(int steps, boolean leaky, Path folder, boolean progress) {
        TorchRuntime.load();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray images = Mlp.images(manager, SAMPLES);
            NDArray labels = Mlp.labels(manager, SAMPLES);
            DataLoader loader = DataLoader.of(TensorDataset.of(images, labels), Mlp.BATCH, true);
            warmUp(loader);
            NativeMemory before = NativeMemory.now();
            Gauge gauge = new Gauge(steps);
            try (Mlp module = leaky ? new LeakyMlp() : new Mlp()) {
                Trainer.builder()
                        .accelerator(Accelerator.CPU)
                        .threads(1)
                        .seed(1)
                        .maxEpochs(-1)
                        .maxSteps(steps)
                        .defaultRootDir(folder)
                        .enableModelSummary(false)
                        .enableCheckpointing(false)
                        .enableProgressBar(progress)
                        .loggers(new CsvLogger())
                        .callbacks(gauge)
                        .build()
                        .fit(module, loader);
            }
            return gauge.report(before, NativeMemory.now());
        }
    }

    /** Loads what the first fit of a process loads for good. */
    private static void warmUp(DataLoader loader) {
        try (Mlp module = new Mlp()) {
            Trainer.builder()
                    .accelerator(Accelerator.CPU)
                    .threads(1)
                    .fastDevRun(2)
                    .enableProgressBar(false)
                    .enableModelSummary(false)
                    .build()
                    .fit(module, loader);
        }
    }

    /** Reads memory after a quarter of the steps and at the end, and the CPU time of every step. */
    private static final class Gauge implements Callback {
        private final int steps;
        private final StepTimes times;
        private long residentAtQuarter;
        private long allocatedAtQuarter;
        private int arraysAtQuarter;
        private long resident;
        private long allocated;
        private int arrays;

        Gauge(int steps) {
            this.steps = steps;
            this.times = new StepTimes(steps);
        }

        @Override
        public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
            long step = run.globalStep();
            if (step == steps / 4) {
                residentAtQuarter = residentBytes();
                allocatedAtQuarter = Malloc.allocated();
                arraysAtQuarter = NativeMemory.now().arrays();
            } else if (step == steps - 1) {
                resident = residentBytes();
                allocated = Malloc.allocated();
                arrays = NativeMemory.now().arrays();
            }
            times.mark();
        }

        Report report(NativeMemory before, NativeMemory after) {
            int window = steps / 20;
            return new Report(
                    (resident - residentAtQuarter) / MEGABYTE,
                    (allocated - allocatedAtQuarter) / MEGABYTE,
                    arrays - arraysAtQuarter,
                    times.medianCpuMicros(steps / 4, steps / 4 + window),
                    times.medianCpuMicros(times.count() - window, times.count()),
                    before,
                    after);
        }

        private static long residentBytes() {
            try {
                String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
                return Long.parseLong(pages[1]) * PAGE_BYTES;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Does in every step what leaks in DJL, and keeps one array. */
    private static final class LeakyMlp extends Mlp {
        /** An exception of libtorch's takes 8 ms to describe itself, which would hide all else. */
        private static final int FAIL_EVERY = 25;

        private @Nullable NDArray kept;

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray weight = net.getParameters().get(0).getValue().getArray();
            NDArray penalty = weight.square().sum().mul(1e-6f);
            if (batchIndex % FAIL_EVERY == 0) {
                failHalfWay(batch);
            }
            NDArray loss = super.trainingStep(batch, batchIndex);
            NDArray previous = kept;
            kept = keep(previous == null ? loss.mul(0.1) : previous.mul(0.9f).add(loss.mul(0.1f)));
            if (previous != null) {
                previous.close();
            }
            return loss.add(penalty);
        }

        private static void failHalfWay(Batch batch) {
            try {
                NDArray wide = batch.getData().head().mul(2).reshape(-1);
                wide.add(batch.getLabels().head());
            } catch (RuntimeException expected) {
                // The arrays made so far are left behind.
            }
        }

        @Override
        public void onAfterBackward() {
            net.getParameters()
                    .forEach(pair ->
                            pair.getValue().getArray().getGradient().square().sum());
        }
    }
}
