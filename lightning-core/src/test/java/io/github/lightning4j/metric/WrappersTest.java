package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.testing.MetricKit;
import io.github.lightning4j.testing.States;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Metrics that wrap metrics. */
class WrappersTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @TestFactory
    Stream<DynamicTest> wrappers_passTheKit() {
        Stream<DynamicTest> spread = MetricKit.checks(
                        () -> BootStrapper.builder(MeanSquaredError::new)
                                .quantiles(0.1, 0.9)
                                .build(),
                        WrappersTest::feedNumbers)
                .map(check -> dynamicTest("BootStrapper: " + check.name(), check::run));
        Stream<DynamicTest> extremes = MetricKit.checks(
                        () -> new MinMaxMetric(new MeanSquaredError()), WrappersTest::feedNumbers)
                .filter(check -> !check.name().contains("forgets"))
                .map(check -> dynamicTest("MinMaxMetric: " + check.name(), check::run));
        Stream<DynamicTest> named = MetricKit.checks(
                        () -> ClasswiseWrapper.builder(new PearsonCorrCoef(2)).build(), WrappersTest::feedColumns)
                .map(check -> dynamicTest("ClasswiseWrapper: " + check.name(), check::run));
        Stream<DynamicTest> twice = MetricKit.checks(
                        () -> StepMetric.of(MeanSquaredError::new),
                        (metric, of, from, to) -> metric.update(each -> feedNumbers(each, of, from, to)))
                .map(check -> dynamicTest("StepMetric: " + check.name(), check::run));
        return Stream.of(spread, extremes, named, twice).flatMap(each -> each);
    }

    private static void feedColumns(BatchMetric metric, NDManager of, int from, int to) {
        NDArray numbers =
                of.arange(2 * from, 2 * to).toType(DataType.FLOAT32, true).reshape(to - from, 2);
        metric.update(numbers.mul(numbers), numbers);
    }

    private static void feedNumbers(BatchMetric metric, NDManager of, int from, int to) {
        NDArray numbers = of.arange(from, to).toType(DataType.FLOAT32, true);
        metric.update(numbers.mul(numbers), numbers);
    }

    @Test
    void classwise_namesTheNumbersOfEachClass() {
        NDArray predicted = manager.create(new long[] {0, 1, 2, 2});
        NDArray labels = manager.create(new long[] {0, 1, 1, 2});
        Recall recall = Recall.multiclass(3).average(Average.NONE).build();
        recall.update(predicted, labels);

        assertThat(ClasswiseWrapper.builder(recall).build().value().scalars())
                .isEqualTo(Map.of("recall_0", 1.0, "recall_1", 0.5, "recall_2", 1.0));
        assertThat(ClasswiseWrapper.builder(recall)
                        .labels("a", "b", "c")
                        .prefix("r-")
                        .postfix("!")
                        .build()
                        .value()
                        .scalars())
                .containsOnlyKeys("r-a!", "r-b!", "r-c!");
        assertThat(ClasswiseWrapper.builder(recall)
                        .postfix("_r")
                        .build()
                        .value()
                        .scalars())
                .containsOnlyKeys("0_r", "1_r", "2_r");
        assertThatThrownBy(() ->
                        ClasswiseWrapper.builder(recall).labels("a").build().value())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("3 names");
        assertThatThrownBy(() ->
                        ClasswiseWrapper.builder(new MeanSquaredError()).build().value())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("average(Average.NONE)");
    }

    @Test
    void minMax_remembersTheExtremesOfAllEpochs() {
        MinMaxMetric metric = new MinMaxMetric(new MeanAbsoluteError());
        for (float error : new float[] {3, 1, 2}) {
            metric.reset();
            metric.update(manager.create(new float[] {error}), manager.create(new float[] {0}));
        }
        assertThat(metric.value().scalars()).isEqualTo(Map.of("raw", 2.0, "max", 3.0, "min", 1.0));
        MinMaxMetric loaded = new MinMaxMetric(new MeanAbsoluteError());
        loaded.load(States.saved(metric));
        loaded.reset();
        loaded.reset();
        loaded.update(manager.create(new float[] {5}), manager.create(new float[] {0}));
        assertThat(loaded.value().scalars()).isEqualTo(Map.of("raw", 5.0, "max", 5.0, "min", 1.0));
    }

    @Test
    void bootStrapper_spreadsAsTheMeanOfSamplesDoes() {
        int n = 400;
        BootStrapper metric = BootStrapper.builder(MeanAbsoluteError::new)
                .copies(200)
                .seed(7)
                .quantiles(0.5)
                .build();
        NDArray numbers = manager.arange(n).toType(DataType.FLOAT32, true);
        metric.update(numbers, numbers.zerosLike());
        Map<String, Double> spread = metric.value().scalars();
        double deviation = Math.sqrt((n * (double) n - 1) / 12);

        assertThat(spread.get("mean")).isCloseTo((n - 1) / 2.0, within(2.0));
        assertThat(spread.get("quantile_0.5")).isCloseTo((n - 1) / 2.0, within(2.0));
        assertThat(spread.get("std") / (deviation / Math.sqrt(n))).isBetween(0.85, 1.15);
    }

    @Test
    void bootStrapper_keepsRowsTogether() {
        BootStrapper metric = BootStrapper.builder(
                        () -> Accuracy.multiclass(3).average(Average.MICRO).build())
                .build();
        NDArray labels = manager.create(new long[] {0, 1, 2, 1, 0});
        metric.update(labels.oneHot(3), labels);
        assertThat(metric.value().scalars()).isEqualTo(Map.of("mean", 1.0, "std", 0.0));
        assertThatThrownBy(() -> metric.update(manager.create(1f), manager.create(1f)))
                .hasMessageContaining("samples (N, ...)");
    }
}
