package io.github.lightning4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.GuideBlocks;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.loss.Losses;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.optim.AdamW;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Java blocks of docs/testing.md, which are parts of this class. */
class TestingGuideTest {
    private static final float[] SCORES = {1, -2, 3, 4, -5, 6, -7, -8, 9, 10, 11, 12};
    private static final long[] LABELS = {1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1};

    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.of(data.classes(40), 8, true);
    private final DataLoader val = DataLoader.of(data.classes(20), 8);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void blocksOfTheGuide_arePartsOfThisClass() throws IOException {
        GuideBlocks.assertArePartOf(getClass(), "testing.md");
    }

    @Test
    void module_runsThroughEveryLoop() {
        Trainer.builder().fastDevRun(true).build().fit(new Lit(), train, val);
    }

    @Test
    void module_learns() {
        MemoryLogger logger = new MemoryLogger();
        Trainer trainer = Trainer.builder()
                .maxEpochs(20)
                .seed(1)
                .loggers(logger)
                .runDirectory(folder)
                .build();
        trainer.fit(new Lit(), train, val);
        List<Double> losses = logger.values("val_loss");
        assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) / 2);
    }

    @Test
    void module_resumesExactly() throws Exception {
        ResumeCheck.assertResumesExactly(Lit::new, train, val);
    }

    @Test
    void module_resumesExactlyWithClipping() throws Exception {
        ResumeCheck.builder(Lit::new, train)
                .validation(val)
                .trainer(options -> options.gradientClipVal(0.5))
                .places(Place.INSIDE_EPOCH)
                .build()
                .run();
    }

    @TestFactory
    Stream<DynamicTest> callback_keepsItsPromises() {
        return CallbackKit.checks(StopOnTarget::new).map(check -> dynamicTest(check.name(), check::run));
    }

    @TestFactory
    Stream<DynamicTest> metric_keepsItsPromises() {
        return MetricKit.checks(
                        () -> new Accuracy(2),
                        (metric, manager, from, to) -> metric.update(
                                manager.create(Arrays.copyOfRange(SCORES, from, to)),
                                manager.create(Arrays.copyOfRange(LABELS, from, to))))
                .map(check -> dynamicTest(check.name(), check::run));
    }

    @TestFactory
    Stream<DynamicTest> logger_keepsItsPromises() {
        return LoggerKit.checks(CsvLogger::new, (logger, directory) -> CsvRows.of(directory.resolve("metrics.csv")))
                .map(check -> dynamicTest(check.name(), check::run));
    }

    @TestFactory
    Stream<DynamicTest> optimizer_keepsItsPromises() {
        return OptimizerKit.checks(parameters -> AdamW.builder(parameters).build())
                .map(check -> dynamicTest(check.name(), check::run));
    }

    private static final class Lit extends LightningModule {
        private final Block net =
                addChildBlock("net", Linear.builder().setUnits(2).build());

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            NDArray loss = loss(batch);
            log("train_loss", loss);
            return loss;
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            log("val_loss", loss(batch));
        }

        @Override
        public OptimizerConfig configureOptimizers() {
            return SGD.builder(parameters()).lr(0.5).build();
        }

        private NDArray loss(Batch batch) {
            return Losses.crossEntropy(
                    call(net, batch.getData()).head(), batch.getLabels().head());
        }
    }

    private static final class StopOnTarget implements Callback {
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
}
