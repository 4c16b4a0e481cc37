package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.checkpoint.ModelCheckpoint;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.LogLines;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fit in which nothing is trained says so, and what comes too late to be trained is refused. */
class NothingTrainedTest {
    @TempDir
    Path directory;

    private enum Step {
        RETURNS_NULL("trainingStep returned null for every batch", true) {
            @Override
            NDArray train(Careless module, Batch batch) {
                return null;
            }
        },
        LEAVES_THE_LOSS_TO_THE_LOOP("manualBackward(loss)", false) {
            @Override
            NDArray train(Careless module, Batch batch) {
                return module.lossOf(batch);
            }
        },
        STEPS_WITHOUT_BACKWARD("manualBackward(loss)", false) {
            @Override
            NDArray train(Careless module, Batch batch) {
                Optimizer optimizer = module.first();
                optimizer.zeroGrad();
                optimizer.step();
                return null;
            }
        },
        NEVER_STEPS("no optimizer stepped", false) {
            @Override
            NDArray train(Careless module, Batch batch) {
                module.backward(module.lossOf(batch));
                return null;
            }
        },
        TRAINS("", true) {
            @Override
            NDArray train(Careless module, Batch batch) {
                return module.lossOf(batch);
            }
        },
        TRAINS_BY_ITSELF("", false) {
            @Override
            NDArray train(Careless module, Batch batch) {
                NEVER_STEPS.train(module, batch);
                module.first().step();
                return null;
            }
        };

        private final String message;
        private final boolean automatic;

        Step(String message, boolean automatic) {
            this.message = message;
            this.automatic = automatic;
        }

        abstract NDArray train(Careless module, Batch batch);
    }

    private static final class Careless extends BoringModule {
        private final Step step;

        Careless(Step step) {
            this.step = step;
        }

        @Override
        public boolean automaticOptimization() {
            return step.automatic;
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            return step.train(this, batch);
        }

        private Optimizer first() {
            return optimizers().get(0);
        }

        private NDArray lossOf(Batch batch) {
            return loss(batch);
        }

        private void backward(NDArray loss) {
            manualBackward(loss);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEpochThatTrainsNothing_isSaidOnce(Step step) {
        try (TestData data = TestData.open();
                Careless module = new Careless(step);
                LogLines lines = LogLines.capture()) {
            Trainers.quiet().maxEpochs(3).build().fit(module, data.regression(8, 4));

            List<String> warnings = lines.messages().stream()
                    .filter(line -> line.startsWith("The first epoch trained nothing"))
                    .toList();
            if (step.message.isEmpty()) {
                assertThat(warnings).isEmpty();
            } else {
                assertThat(warnings).singleElement().asString().contains(step.message);
            }
        }
    }

    private enum Moment {
        TRAIN_START,
        TRAINING_STEP,
        VALIDATION_STEP
    }

    private static final class Late extends BoringModule {
        private final Moment moment;

        Late(Moment moment) {
            this.moment = moment;
        }

        private void add(Moment now) {
            if (now == moment) {
                addChildBlock("late", Linear.builder().setUnits(2).build());
            }
        }

        @Override
        public void onTrainStart() {
            add(Moment.TRAIN_START);
        }

        @Override
        public NDArray trainingStep(Batch batch, int batchIndex) {
            add(Moment.TRAINING_STEP);
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            add(Moment.VALIDATION_STEP);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLayerAddedWhenItsParametersAreTooLate_isRefusedThere(Moment moment) {
        try (TestData data = TestData.open();
                Late module = new Late(moment)) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .maxEpochs(1)
                            .build()
                            .fit(module, data.regression(4, 4), data.regression(4, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Linear was added to Late during a run")
                    .hasMessageContaining("constructor");
        }
    }

    @Test
    void aMonitorThatDoesNotExist_isAnErrorAndNotAlsoAWarning() {
        try (TestData data = TestData.open();
                BoringModule module = new BoringModule();
                LogLines lines = LogLines.capture()) {
            assertThatThrownBy(() -> Trainers.quiet()
                            .maxEpochs(1)
                            .runDirectory(directory)
                            .callbacks(
                                    ModelCheckpoint.builder().monitor("no such").build())
                            .build()
                            .fit(module, data.regression(4, 4), data.regression(4, 4)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("no such");
            assertThat(lines.messages()).noneMatch(line -> line.contains("Nothing was saved"));
        }
    }
}
