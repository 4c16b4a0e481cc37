package io.github.lightning4j.logger.tensorboard;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Run;
import io.github.lightning4j.callback.HistogramMonitor;
import io.github.lightning4j.callback.LearningRateMonitor;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.PrecisionRecallCurve;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A run that logs one of everything: in this process, or in one of its own that waits to be killed. */
final class EventTraining {
    static final String WAITING = "WAITING TO BE KILLED";

    private static final PrintStream OUT = System.out;
    private static final int EPOCHS = 4;

    private EventTraining() {}

    /** Arguments: the run directory. The run waits in its last epoch, one epoch after its newest checkpoint. */
    public static void main(String[] args) {
        fit(Path.of(args[0]), new Callback() {
            @Override
            public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
                if (run.epoch() == EPOCHS - 1 && batchIndex == 2) {
                    OUT.println(WAITING);
                    try {
                        TimeUnit.MINUTES.sleep(5);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        });
    }

    static void fit(Path directory, Callback... more) {
        try (TestData data = TestData.open();
                Everything module = new Everything()) {
            Trainers.quiet()
                    .seed(1)
                    .maxEpochs(EPOCHS)
                    .logEveryNSteps(1)
                    .runDirectory(directory)
                    .autoResume(true)
                    .loggers(new TensorBoardLogger())
                    .callbacks(
                            LearningRateMonitor.everyStep(),
                            new HistogramMonitor(),
                            ModelCheckpoint.builder().everyNEpochs(2).build())
                    .callbacks(more)
                    .build()
                    .fit(module, data.regression(16, 4), data.regression(4, 4));
        }
    }

    /** Shows pictures, texts and metrics that are no numbers. */
    static final class Everything extends BoringModule {
        private final ConfusionMatrix matrix =
                metric("confusion", ConfusionMatrix.multiclass(3).build());
        private final PrecisionRecallCurve curve =
                metric("pr", PrecisionRecallCurve.binary().build());

        Everything() {
            super(Map.of("lr", 0.1));
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray data = batch.getData().head();
            logItem("batch", () -> LogItem.Image.of(data));
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            super.validationStep(batch, batchIndex);
            NDArray labels = batch.getData().getManager().create(new long[] {0, 1, 1, 0});
            matrix.update(batch.getData().getManager().create(new long[] {0, 1, 2, 0}), labels);
            log("confusion", matrix);
            curve.update(batch.getData().getManager().create(new float[] {0.2f, 0.4f, 0.7f, 0.6f}), labels);
            log("pr", curve);
        }

        @Override
        public void onValidationEpochEnd() {
            logItem("note", () -> new LogItem.Text("epoch " + run().epoch()));
        }
    }
}
