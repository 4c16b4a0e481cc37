package io.github.lightning4j.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Mode;
import io.github.lightning4j.callback.EarlyStopping;
import io.github.lightning4j.data.DataLoader;
import io.github.lightning4j.fixture.BoringModule;
import io.github.lightning4j.fixture.TestData;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.metric.Average;
import io.github.lightning4j.metric.BatchMetric;
import io.github.lightning4j.metric.ConfusionMatrix;
import io.github.lightning4j.metric.MeanAbsoluteError;
import io.github.lightning4j.metric.MetricCollection;
import io.github.lightning4j.metric.MinMaxMetric;
import io.github.lightning4j.metric.Precision;
import io.github.lightning4j.metric.Recall;
import io.github.lightning4j.testing.MemoryLogger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Metrics of several numbers are logged number by number, by the names of their classes. */
class LoggedVectorsTest {
    private static final LogOptions BOTH = LogOptions.defaults().onStep(true).onEpoch(true);

    private final TestData data = TestData.open();
    private final MemoryLogger logger = new MemoryLogger();

    @AfterEach
    void free() {
        data.close();
    }

    private static Recall byClass() {
        return Recall.multiclass(2)
                .average(Average.NONE)
                .classNames("cat", "dog")
                .build();
    }

    @Test
    void aVectorOfTheValidation_isLoggedByClass() {
        try (Judge module = new Judge(byClass())) {
            Map<String, Double> metrics = Trainers.quiet().build().validate(module, loader());
            assertThat(metrics).isEqualTo(Map.of("m_cat", 1.0, "m_dog", 0.5));
        }
    }

    @Test
    void aPartOfAVector_namedAsAnotherValue_isRefused() {
        try (Judge module = new Judge(byClass()) {
            @Override
            public void validationStep(Batch batch, int batchIndex, int loaderIndex) {
                super.validationStep(batch, batchIndex, loaderIndex);
                log("m_dog", 1);
            }
        }) {
            assertThatThrownBy(() -> Trainers.quiet().build().validate(module, loader()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("'m_dog'");
        }
    }

    @Test
    void aVectorOfSeveralLoaders_saysWhichOne() {
        try (Judge module = new Judge(byClass())) {
            module.several = new BatchMetric[] {module.metric, module.second};
            Map<String, Double> metrics = Trainers.quiet().build().validate(module, loader(), loader());
            assertThat(metrics)
                    .containsOnlyKeys(
                            "m_cat/dataloader_idx_0",
                            "m_dog/dataloader_idx_0",
                            "m_cat/dataloader_idx_1",
                            "m_dog/dataloader_idx_1");
        }
    }

    @Test
    void aVectorOfStepsAndEpochs_hasBothNames() {
        try (Judge module = new Judge(byClass())) {
            module.inTraining = true;
            FitResult result =
                    Trainers.quiet().loggers(logger).logEveryNSteps(1).build().fit(module, loader());
            assertThat(logger.values("m_dog_step")).hasSize(3);
            assertThat(logger.values("m_dog_epoch")).containsExactly(0.5);
            assertThat(result.metrics()).containsEntry("m_dog", 0.5).containsEntry("m_cat_epoch", 1.0);
        }
    }

    @Test
    void aCollection_isLoggedByTheNamesOfItsMetrics() {
        MetricCollection collection = MetricCollection.builder()
                .add("precision", Precision.multiclass(2).build())
                .add("recall", byClass())
                .add(ConfusionMatrix.multiclass(2).build())
                .build();
        try (Judge module = new Judge(collection)) {
            assertThat(Trainers.quiet().build().validate(module, loader()))
                    .containsOnlyKeys("m_precision", "m_recall_cat", "m_recall_dog");
        }
    }

    @Test
    void oneNumberOfAVector_canBeMonitored() {
        EarlyStopping stopping =
                EarlyStopping.builder("m_dog").mode(Mode.MAX).patience(2).build();
        try (Judge module = new Judge(byClass())) {
            FitResult result =
                    Trainers.quiet().maxEpochs(20).callbacks(stopping).build().fit(module, loader(), loader());
            assertThat(result.history()).hasSize(3);
        }
    }

    @Test
    void extremes_areThoseOfAllEpochs() {
        try (Judge module = new Judge(new MinMaxMetric(new MeanAbsoluteError()))) {
            FitResult result =
                    Trainers.quiet().maxEpochs(3).loggers(logger).build().fit(module, loader(), loader());
            assertThat(result.metrics()).containsKeys("m_raw", "m_min", "m_max");
            assertThat(logger.values("m_max")).hasSize(3);
        }
    }

    @Test
    void aMatrix_isNoNumberOfAStep() {
        try (Judge module = new Judge(ConfusionMatrix.multiclass(2).build())) {
            assertThat(Trainers.quiet().build().validate(module, loader())).isEmpty();
            module.inTraining = true;
            assertThatThrownBy(() -> Trainers.quiet()
                            .loggers(logger)
                            .logEveryNSteps(1)
                            .build()
                            .fit(module, loader()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("log('m')", "Matrix", "onStep");
        }
    }

    /** Three batches. */
    private DataLoader loader() {
        return data.regression(6, 2);
    }

    private static class Judge extends BoringModule {
        private final BatchMetric metric;
        private final BatchMetric second = metric("second", byClass());
        private BatchMetric[] several;
        private boolean inTraining;

        Judge(BatchMetric metric) {
            this.metric = metric("metric", metric);
            this.several = new BatchMetric[] {metric};
        }

        private static void update(BatchMetric each) {
            try (NDManager manager = NDManager.newBaseManager();
                    NDArray predicted = manager.create(new long[] {0, 1, 0});
                    NDArray labels = manager.create(new long[] {0, 1, 1})) {
                each.update(predicted, labels);
            }
        }

        @Override
        public @Nullable NDArray trainingStep(Batch batch, int batchIndex) {
            if (inTraining) {
                update(metric);
                log("m", metric, BOTH);
            }
            return super.trainingStep(batch, batchIndex);
        }

        @Override
        public void validationStep(Batch batch, int batchIndex, int loader) {
            update(several[loader]);
            log("m", several[loader]);
        }
    }
}
