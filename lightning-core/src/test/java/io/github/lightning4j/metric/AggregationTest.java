package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.testing.MetricKit;
import io.github.lightning4j.testing.States;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AggregationTest {
    private static final float[] NUMBERS = {3, -1, 4, 1, -5, 9, 2, -6, 5, 3.5f, 8, 7};

    @TestFactory
    Stream<DynamicTest> aggregations_passTheKit() {
        List<Supplier<Aggregation>> all = List.of(
                SumMetric::new, MinMetric::new, MaxMetric::new, CatMetric::new, RunningMean::new, MeanMetric::new);
        return all.stream()
                .flatMap(each -> MetricKit.checks(
                                each,
                                (metric, manager, from, to) ->
                                        metric.update(manager.create(Arrays.copyOfRange(NUMBERS, from, to))))
                        .filter(check -> !(each.get() instanceof SumMetric)
                                || !check.name().contains("without samples"))
                        .map(check ->
                                dynamicTest(each.get().getClass().getSimpleName() + ": " + check.name(), check::run)));
    }

    @Test
    void values_areThoseOfTorchmetrics() {
        assertThat(fed(new SumMetric())).isEqualTo(30.5);
        assertThat(fed(new MinMetric())).isEqualTo(-6);
        assertThat(fed(new MaxMetric())).isEqualTo(9);
        assertThat(fed(new MeanMetric())).isEqualTo(30.5 / 12);
        assertThat(fed(new RunningMean())).isEqualTo((-6 + 5 + 3.5 + 8 + 7) / 5);
        assertThat(fed(new RunningMean(3))).isEqualTo((3.5 + 8 + 7) / 3);
        CatMetric cat = new CatMetric();
        try (NDManager manager = NDManager.newBaseManager()) {
            cat.update(manager.create(NUMBERS).reshape(new Shape(3, 4)));
        }
        cat.update(1);
        assertThat(cat.toArray()).hasSize(13).startsWith(3, -1, 4).endsWith(8, 7, 1);
        assertThatThrownBy(cat::compute)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("value()");
    }

    @Test
    void notANumber_makesThemNotANumber() {
        for (Aggregation each :
                List.of(new SumMetric(), new MinMetric(), new MaxMetric(), new RunningMean(), new MeanMetric())) {
            each.update(1);
            each.update(Double.NaN);
            each.update(2);
            assertThat(each.compute()).as(each.getClass().getSimpleName()).isNaN();
        }
    }

    @Test
    void sum_ofNothing_isZero() {
        assertThat(new SumMetric().compute()).isZero();
    }

    @Test
    void runningMean_ofAnotherWindow_isNotLoaded() {
        RunningMean other = new RunningMean(3);
        assertThatThrownBy(() -> other.load(States.saved(new RunningMean())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("window of 5");
    }

    private static double fed(Aggregation metric) {
        for (float number : NUMBERS) {
            metric.update(number);
        }
        return metric.compute();
    }
}
