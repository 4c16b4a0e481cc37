package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.OptimizerConfig;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.WeightModule;
import io.github.lightning4j.optim.SGD;
import io.github.lightning4j.optim.scheduler.ReduceLROnPlateau;
import io.github.lightning4j.testing.MemoryLogger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mistakes that are noticed before they cost an epoch, and values that would otherwise go nowhere. */
class NoticedInTimeTest {
    private final TestData data = TestData.open();

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void plateauSchedulerWithoutMonitor_isRefusedBeforeTraining() {
        try (BoringModule module = new BoringModule() {
            @Override
            public OptimizerConfig configureOptimizers() {
                Optimizer sgd = SGD.builder(parameters()).lr(0.1).build();
                return sgd.withScheduler(new ReduceLROnPlateau(sgd));
            }

            @Override
            public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
                throw new AssertionError("trained");
            }
        }) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.regression(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("monitor(\"val_loss\")");
        }
    }

    @Test
    void validationBatchesWithoutAStep_areRefusedBeforeTraining() {
        try (LightningModule module = new LightningModule() {
            private final Block layer =
                    addChildBlock("layer", Linear.builder().setUnits(1).build());

            @Override
            public NDArray trainingStep(Batch batch, int batchIndex) {
                throw new AssertionError("trained");
            }

            @Override
            public OptimizerConfig configureOptimizers() {
                return SGD.builder(layer.getParameters()).lr(0.1).build();
            }
        }) {
            assertThatThrownBy(() -> Trainers.quiet().build().fit(module, data.ones(8, 4), data.ones(8, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("does not override validationStep");
        }
    }

    @Test
    void listOfBatchesUsedTwice_isNamedAsSuch() {
        List<Batch> batches = data.batches(new float[] {1, 2}, new float[] {3, 4});
        try (WeightModule module = new WeightModule()) {
            assertThatThrownBy(() -> Trainers.quiet().maxEpochs(2).build().fit(module, batches))
                    .hasMessageContaining("used and closed before")
                    .isInstanceOf(DataException.class);
        }
    }

    @Test
    void stepValuesOfValidation_reachTheLoggers() {
        MemoryLogger logger = new MemoryLogger();
        try (BoringModule module = new BoringModule() {
            @Override
            public void validationStep(Batch batch, int batchIndex) {
                log("seen", batchIndex, LogOptions.defaults().onStep(true).onEpoch(false));
            }
        }) {
            Trainers.quiet().loggers(logger).build().fit(module, data.regression(8, 4), data.regression(12, 4));
        }
        assertThat(logger.values("seen")).containsExactly(0.0, 1.0, 2.0);
    }
}
