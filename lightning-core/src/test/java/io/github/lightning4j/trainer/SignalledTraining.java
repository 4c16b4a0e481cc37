package io.github.lightning4j.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.WeightModule;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** A process of its own that trains without end, to be sent signals. Says on its output where it is. */
final class SignalledTraining {
    private static final PrintStream OUT = System.out;

    private SignalledTraining() {}

    /** Arguments: the run directory, and what a step does: {@code train}, {@code hang}, {@code exit} or {@code own}. */
    public static void main(String[] args) {
        String step = args[1];
        if (step.equals("own")) {
            Signal.handle(new Signal("TERM"), signal -> OUT.println("OWN HANDLER"));
        }
        Trainer.Builder builder = Trainer.builder()
                .maxEpochs(-1)
                .maxSteps(1_000_000)
                .callbacks(new Step(step))
                .enableProgressBar(false)
                .enableModelSummary(false)
                .runDirectory(Path.of(args[0]))
                .autoResume(true);
        try (TestData data = TestData.open();
                WeightModule module = new WeightModule()) {
            FitResult result = builder.build().fit(module, data.ones(4, 1));
            OUT.println("RETURNED " + result.resumeFrom());
        }
    }

    private record Step(String what) implements Callback {
        @Override
        public String stateKey() {
            return "Step";
        }

        @Override
        public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
            if (run.globalStep() == 2) {
                OUT.println("TRAINING");
                if (what.equals("exit")) {
                    System.exit(7);
                }
                if (what.equals("hang")) {
                    hang();
                }
            }
        }

        private static void hang() {
            while (true) {
                Thread.onSpinWait();
            }
        }
    }
}
