package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.NoisyModule;
import io.github.lightning4j.fixture.Predictors;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.fixture.Weights;
import io.github.lightning4j.testing.MemoryLogger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Equal seeds give equal bits, whatever else is done along the way. */
class ReproducibilityTest {
    private final TestData data = TestData.open();
    private final DataLoader train = DataLoader.of(data.classes(60), 8, true);
    private final DataLoader val = DataLoader.of(data.classes(20), 8);

    @AfterEach
    void free() {
        data.close();
    }

    @Test
    void twoRunsOfOneSeed_areEqualInWeightsAndLogs() {
        MemoryLogger first = new MemoryLogger();
        MemoryLogger second = new MemoryLogger();

        Map<String, Long> weights = run(fit().loggers(first).logEveryNSteps(1));
        Engine.getEngine("PyTorch").setRandomSeed(99);
        Map<String, Long> again = run(fit().loggers(second).logEveryNSteps(1));

        assertThat(again).isEqualTo(weights);
        assertThat(second.rows()).isEqualTo(first.rows()).isNotEmpty();
    }

    @Test
    void anotherModelThatIsMadeMeanwhile_changesNoBitOfTheTraining() {
        Map<String, Long> alone = run(fit());
        Callback making = new Callback() {
            private void makeAnother() {
                try (NoisyModule other = new NoisyModule()) {
                    other.initialize(Device.cpu(), DataType.FLOAT32, new Shape(1, TestData.FEATURES));
                }
            }

            @Override
            public void onTrainEpochStart(Run run) {
                makeAnother();
            }

            @Override
            public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
                makeAnother();
            }
        };

        assertThat(run(fit().callbacks(making))).isEqualTo(alone);
    }

    @Test
    void anotherSeed_givesAnotherRun() {
        assertThat(run(fit().seed(2))).isNotEqualTo(run(fit()));
    }

    @Test
    void aDrawnSeed_isReportedAndRepeatsTheRun() {
        Trainer.Builder unseeded = Trainer.builder()
                .accelerator(Accelerator.CPU)
                .threads(1)
                .maxEpochs(2)
                .loggers()
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableCheckpointing(false);
        try (NoisyModule module = new NoisyModule()) {
            long seed = unseeded.build().fit(module, train, val).seed();

            assertThat(run(fit().seed(seed))).isEqualTo(Weights.of(module));
        }
    }

    @Test
    void theSanityCheck_leavesNoTrace() {
        try (Tampering with = new Tampering();
                Tampering without = new Tampering()) {
            MemoryLogger first = new MemoryLogger();
            MemoryLogger second = new MemoryLogger();
            List<Map<String, Double>> atStart = new ArrayList<>();
            Callback callback = new Callback() {
                @Override
                public void onTrainStart(Run run) {
                    atStart.add(run.metrics());
                }
            };

            fit().numSanityValSteps(2)
                    .callbacks(callback)
                    .loggers(first)
                    .build()
                    .fit(with, train, val);
            fit().numSanityValSteps(0).loggers(second).build().fit(without, train, val);

            assertThat(Weights.of(with)).isEqualTo(Weights.of(without));
            assertThat(first.rows()).isEqualTo(second.rows());
            assertThat(atStart).containsExactly(Map.of());
            assertThat(with.calls).isEqualTo(without.calls + 2);
        }
    }

    @Test
    void validation_changesNoBitOfTheTraining() {
        try (NoisyModule module = new NoisyModule()) {
            fit().build().fit(module, train);

            assertThat(run(fit().numSanityValSteps(2))).isEqualTo(Weights.of(module));
        }
    }

    @Test
    void predictorsOnOtherThreads_changeNoBitOfTheTraining() {
        Map<String, Long> alone = run(fit());
        try (NoisyModule module = new NoisyModule();
                Predictors predictors = new Predictors(module)) {
            Callback callback = new Callback() {
                @Override
                public void onTrainStart(Run run) {
                    predictors.start(4);
                }

                @Override
                public void onTrainEnd(Run run) {
                    predictors.stop();
                }
            };

            fit().callbacks(callback).build().fit(module, train, val);

            assertThat(predictors.count()).isGreaterThan(4);
            assertThat(Weights.of(module)).isEqualTo(alone);
        }
    }

    private Trainer.Builder fit() {
        return Trainers.quiet().maxEpochs(2);
    }

    private Map<String, Long> run(Trainer.Builder trainer) {
        try (NoisyModule module = new NoisyModule()) {
            trainer.build().fit(module, train, val);
            return Weights.of(module);
        }
    }

    /** Draws random numbers and changes a buffer whenever it validates in the sanity check. */
    private static final class Tampering extends NoisyModule {
        private final NDArray count;
        int calls;

        Tampering() {
            try (NDManager manager = NDManager.newBaseManager()) {
                count = buffer("count", manager.zeros(new Shape(1)));
            }
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            super.validationStep(batch, batchIndex);
            calls++;
            if (run().stage() == Stage.SANITY_CHECK) {
                count.addi(1);
                net.getParameters().get("02BatchNorm_runningMean").getArray().set(new NDIndex(0), 5f);
                batch.getData().getManager().randomNormal(new Shape(5));
                log("sanity_only", 1);
            }
        }
    }
}
