package io.github.lightning4j.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Mode;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.summary.ModelSummary;
import io.github.lightning4j.testing.CallbackKit;
import io.github.lightning4j.testing.States;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/callbacks.md, which are parts of this class. */
class CallbacksGuideTest {
    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.of(data.classes(64), 16, true);
    private final DataLoader val = DataLoader.of(data.classes(32), 16);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "callbacks.md");
    }

    @Test
    void earlyStoppingAndRates() throws IOException {
        Trainer trainer = Trainer.builder()
                .maxEpochs(20)
                .callbacks(EarlyStopping.builder("val_loss").patience(3).build(), LearningRateMonitor.everyEpoch())
                .runDirectory(directory)
                .build();
        FitResult result = trainer.fit(new Lit(), train, val);

        assertThat(result.epochs()).isBetween(3L, 20L);
        assertThat(Files.readString(directory.resolve("metrics.csv"))).contains("lr-SGD");
    }

    @Test
    void aFitThatGetsNoBetter_endsWithTheReason() {
        EarlyStopping stopping = EarlyStopping.builder("val_acc")
                .mode(Mode.MAX)
                .minDelta(0.001)
                .patience(5)
                .stoppingThreshold(0.999)
                .build();

        FitResult result =
                Trainers.quiet().maxEpochs(50).callbacks(stopping).build().fit(new Lit(0), train, val);

        assertThat(result.stopReason()).startsWith("val_acc has not improved by more than 0.001 in 5 checks");
        assertThat(result.epochs()).isEqualTo(6);
        assertThat(stopping.stoppedEpoch()).isEqualTo(5);
    }

    @Test
    void aStopHeldBackByMinEpochs_isWithdrawnIfTheMetricRecovers() {
        EarlyStopping stopping = EarlyStopping.builder("score").patience(1).build();
        double[] scores = {1, 2, 0.5, 0.4, 0.3, 0.2};

        FitResult result = Trainers.quiet()
                .maxEpochs(6)
                .minEpochs(4)
                .callbacks(stopping)
                .build()
                .fit(new Scripted(scores), train, val);

        assertThat(result.epochs()).isEqualTo(6);
    }

    @Test
    void summary() {
        try (Lit module = new Lit()) {
            module.initialize(Device.cpu(), DataType.FLOAT32, new Shape(16, TestData.FEATURES));

            String summary = ModelSummary.of(module, 2).text();

            assertThat(summary).contains("0  net   Linear      10  train");
        }
    }

    @Test
    void aCallbackOfLambdas() {
        List<String> lines = new ArrayList<>();
        Callback printing = LambdaCallback.builder()
                .onTrainEpochEnd(
                        run -> lines.add(run.epoch() + " " + run.metrics().get("val_loss")))
                .build();

        Trainers.quiet().maxEpochs(2).callbacks(printing).build().fit(new Lit(), train, val);

        assertThat(lines).hasSize(2).allMatch(line -> line.matches("[01] 0\\.\\d+"));
    }

    @Test
    void aCallbackOfOnesOwn() {
        StopOnTarget callback = new StopOnTarget();
        FitResult result =
                Trainers.quiet().maxEpochs(200).callbacks(callback).build().fit(new Lit(), train, val);

        assertThat(result.stopReason()).isEqualTo("val_acc was above 0.9 twice");
        StopOnTarget loaded = new StopOnTarget();
        loaded.load(States.saved(callback));
        assertThat(loaded.reached).isEqualTo(2);
    }

    @TestFactory
    Stream<DynamicTest> theCallbackOfOnesOwn_keepsItsPromises() {
        return CallbackKit.checks(StopOnTarget::new).map(check -> dynamicTest(check.name(), check::run));
    }

    static final class StopOnTarget implements Callback {
        private long reached;

        @Override
        public void setup(Run run, Stage stage) {
            reached = 0;
        }

        @Override
        public void onValidationEnd(Run run) {
            if (run.metrics().getOrDefault("val_acc", 0.0) > 0.9 && ++reached == 2) {
                run.requestStop("val_acc was above 0.9 twice");
            }
        }

        @Override
        public void save(StateWriter state) {
            state.putLong("reached", reached);
        }

        @Override
        public void load(StateReader state) {
            reached = state.getLong("reached");
        }
    }

    private static class Lit extends LightningModule {
        final Block net = addChildBlock("net", Linear.builder().setUnits(2).build());
        private final Accuracy accuracy = metric("val_acc", new Accuracy(2));
        private final double lr;

        Lit() {
            this(0.5);
        }

        Lit(double lr) {
            this.lr = lr;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            NDArray logits = call(net, batch.getData()).head();
            log("val_loss", Losses.crossEntropy(logits, batch.getLabels().head()));
            accuracy.update(logits, batch.getLabels().head());
            log("val_acc", accuracy);
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(lr).build();
        }
    }

    /** Logs one given score a validation. */
    private static final class Scripted extends Lit {
        private final double[] scores;

        Scripted(double[] scores) {
            this.scores = scores;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("score", scores[(int) run().epoch()]);
        }
    }
}
