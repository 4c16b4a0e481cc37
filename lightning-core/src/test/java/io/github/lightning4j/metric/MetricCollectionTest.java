package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.checkpoint.StateContents;
import io.github.lightning4j.testing.MetricKit;
import io.github.lightning4j.testing.States;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MetricCollectionTest {
    private static final float[] SCORES = {0.1f, 0.9f, 0.4f, 0.6f, 0.3f, 0.8f, 0.7f, 0.2f, 0.55f, 0.45f, 0.95f, 0.05f};
    private static final long[] LABELS = {0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1};

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static MetricCollection many() {
        return MetricCollection.builder()
                .add(Precision.binary().build())
                .add("sensitivity", Recall.binary().build())
                .add("strict", Recall.binary().threshold(0.8).build())
                .add(ConfusionMatrix.binary().build())
                .add(AUROC.binary().build())
                .add(AveragePrecision.binary().build())
                .add(ROC.binary().build())
                .add("squared", new MeanSquaredError())
                .prefix("val_")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> collection_passesTheKit() {
        return MetricKit.checks(MetricCollectionTest::many, MetricCollectionTest::feed)
                .map(check -> dynamicTest(check.name(), check::run));
    }

    private static void feed(BatchMetric metric, NDManager of, int from, int to) {
        metric.update(of.create(Arrays.copyOfRange(SCORES, from, to)), of.create(Arrays.copyOfRange(LABELS, from, to)));
    }

    @Test
    void value_hasTheNumbersOfEach_underPrefixAndName() {
        MetricCollection collection = many();
        Precision precision = Precision.binary().build();
        Recall strict = Recall.binary().threshold(0.8).build();
        AUROC auroc = AUROC.binary().build();
        for (BatchMetric each : new BatchMetric[] {collection, precision, strict, auroc}) {
            feed(each, manager, 0, 5);
            feed(each, manager, 5, 12);
        }

        assertThat(collection.value().scalars().keySet())
                .containsExactly(
                        "val_Precision",
                        "val_sensitivity",
                        "val_strict",
                        "val_AUROC",
                        "val_AveragePrecision",
                        "val_squared");
        assertThat(collection.value().scalars())
                .containsEntry("val_Precision", precision.compute())
                .containsEntry("val_strict", strict.compute())
                .containsEntry("val_AUROC", auroc.compute());
        assertThat(collection.get("ConfusionMatrix").value()).isInstanceOf(MetricValue.Matrix.class);
        assertThat(collection.get("ConfusionMatrix").value().numbers().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(12);
        assertThatThrownBy(collection::compute)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Vector");
    }

    @Test
    void metricsOfOneState_collectItOnce() {
        MetricCollection collection = many();
        feed(collection, manager, 0, 12);
        assertThat(StateContents.of(collection).keySet().stream()
                        .map(key -> key.substring(0, key.indexOf('/')))
                        .distinct())
                .containsExactlyInAnyOrder("Precision", "strict", "AUROC", "squared");
        MetricCollection loaded = many();
        loaded.load(States.saved(collection));
        assertThat(loaded.value()).isEqualTo(collection.value());
        assertThat(loaded.get("ROC").value()).isEqualTo(collection.get("ROC").value());
    }

    @Test
    void metricsThatCollectOtherwise_areKeptApart() {
        MetricCollection collection = MetricCollection.builder()
                .add(
                        "two",
                        Accuracy.multiclass(3).topK(2).average(Average.MICRO).build())
                .add("one", Accuracy.multiclass(3).average(Average.MICRO).build())
                .add(
                        "most",
                        Accuracy.multiclass(3)
                                .average(Average.MICRO)
                                .ignoreIndex(2)
                                .build())
                .add("exact", AUROC.multiclass(3).build())
                .add("binned", AUROC.multiclass(3).thresholds(3).build())
                .build();
        NDArray scores = manager.create(new float[] {0.5f, 0.4f, 0.1f, 0.2f, 0.2f, 0.6f}, new Shape(2, 3));
        collection.update(scores, manager.create(new long[] {1, 2}));
        assertThat(collection.value().scalars())
                .containsEntry("two", 1.0)
                .containsEntry("one", 0.5)
                .containsEntry("most", 0.0);
    }

    @Test
    void names_areChecked() {
        assertThatThrownBy(() -> MetricCollection.builder().build()).hasMessageContaining("add(...)");
        assertThatThrownBy(() ->
                        MetricCollection.builder().add(new MeanSquaredError()).add(new MeanSquaredError()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'MeanSquaredError'");
        assertThatThrownBy(() -> many().get("recall"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sensitivity");
    }
}
