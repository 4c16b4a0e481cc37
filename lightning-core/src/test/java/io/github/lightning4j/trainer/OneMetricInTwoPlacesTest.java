package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.MeanMetric;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One metric object holds one value: what would mix two is refused, with both places. */
class OneMetricInTwoPlacesTest {
    private static final LogOptions OF_EPOCH =
            LogOptions.defaults().onStep(false).onEpoch(true);

    private final TestData data = TestData.open();
    private final Judge module = new Judge();

    @AfterEach
    void free() {
        module.close();
        data.close();
    }

    // ---- refused

    @Test
    void twoLoaders_areRefused() {
        module.inEvaluation = () -> module.update(1).write("shared");

        assertThatThrownBy(() -> Trainers.quiet().build().validate(module, loader(), loader()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("validationStep of loader 0 as 'shared'")
                .hasMessageContaining("validationStep of loader 1 as 'shared'");
        assertThatThrownBy(() -> Trainers.quiet().build().test(module, loader(), loader()))
                .hasMessageContaining("testStep of loader 1");
        assertThatThrownBy(() -> Trainers.quiet().build().fit(module, loader(), List.of(loader(), loader())))
                .hasMessageContaining("validationStep of loader 1");
    }

    @Test
    void trainingAndValidation_areRefused() {
        module.inTraining = () -> module.update(1).write("train");
        module.inEvaluation = () -> module.update(0).write("val");

        refused("trainingStep as 'train'", "validationStep as 'val'");
    }

    @Test
    void trainingsEndAndValidation_areRefused() {
        module.inTraining = () -> module.update(1);
        module.atTrainingsEnd = () -> module.write("train");
        module.inEvaluation = () -> module.update(0).write("val");

        refused("validationStep as 'val'", "training");
    }

    @Test
    void updatedInTraining_loggedInValidation_isRefused() {
        module.inTraining = () -> module.update(1);
        module.inEvaluation = () -> module.update(0).write("val");

        refused("validationStep as 'val'", "updated in the training");
    }

    @Test
    void updatedInValidation_loggedInTraining_isRefused() {
        module.inTraining = () -> module.update(1).write("train");
        module.inEvaluation = () -> module.update(0);

        refused("trainingStep as 'train'", "updated in the evaluation");
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Trainers.quiet().maxEpochs(2).build().fit(module, loader(), loader()))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(parts)
                .contains("metric(");
    }

    // ---- right

    @Test
    void oneValueOverAllLoaders_isLoggedAtTheirEnd() {
        module.inEvaluation = () -> module.update(module.value++);
        module.atEvaluationsEnd = () -> module.write("all");

        Map<String, Double> metrics = Trainers.quiet().build().validate(module, loader(), loader());

        assertThat(metrics).containsEntry("all", 2.5);
    }

    @Test
    void twoNamesInOnePlace_haveOneValue() {
        module.inEvaluation = () -> module.update(2).write("a").write("b");

        assertThat(Trainers.quiet().build().validate(module, loader()))
                .containsEntry("a", 2.0)
                .containsEntry("b", 2.0);
    }

    @Test
    void trainingAndTest_areKeptApart() {
        module.inTraining = () -> module.update(1);
        Trainer trainer = Trainers.quiet().build();
        trainer.fit(module, loader());
        module.inEvaluation = () -> module.update(3).write("test");

        assertThat(trainer.test(module, loader())).containsEntry("test", 3.0);
    }

    /** Three batches. */
    private DataLoader loader() {
        return data.regression(6, 2);
    }

    private static final class Judge extends BoringModule {
        private final MeanMetric mean = metric("mean", new MeanMetric());
        private Runnable inTraining = () -> {};
        private Runnable inEvaluation = () -> {};
        private Runnable atTrainingsEnd = () -> {};
        private Runnable atEvaluationsEnd = () -> {};
        private int value;

        Judge update(double number) {
            mean.update(number);
            return this;
        }

        Judge write(String name) {
            log(name, mean, OF_EPOCH);
            return this;
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            inTraining.run();
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void onTrainEpochEnd() {
            atTrainingsEnd.run();
        }

        @Override
        public void validationStep(Batch batch, int batchIndex) {
            inEvaluation.run();
        }

        @Override
        public void testStep(Batch batch, int batchIndex) {
            inEvaluation.run();
        }

        @Override
        public void onValidationEpochEnd() {
            atEvaluationsEnd.run();
        }
    }
}
