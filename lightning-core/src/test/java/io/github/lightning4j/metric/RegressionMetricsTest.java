package io.github.lightning4j.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.DataException;
import io.github.lightning4j.testing.MetricKit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RegressionMetricsTest {
    private static final float[] X = {0.5f, -1, 2, 3, 0, -2, 1, 4, -3, 0.25f, 1.5f, 2.5f};
    private static final float[] Y = {1, -2, 2.5f, 1, 0.5f, -1, 1, 5, -2, 0, 1, 3};

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void pinballLoss_equalsItsFormula() {
        for (double q : new double[] {0, 0.1, 0.5, 0.9, 1}) {
            double sum = 0;
            for (int i = 0; i < X.length; i++) {
                sum += Y[i] >= X[i] ? q * (Y[i] - X[i]) : (1 - q) * (X[i] - Y[i]);
            }
            assertThat(of(new PinballLoss(q), X, Y)).isCloseTo(sum / X.length, within(1e-12));
        }
        assertThat(of(new PinballLoss(0.5), X, Y)).isEqualTo(of(new MeanAbsoluteError(), X, Y) / 2);
        assertThatThrownBy(() -> new PinballLoss(1.5))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("from 0 to 1");
    }

    @TestFactory
    Stream<DynamicTest> pinballLoss_passesTheKit() {
        return MetricKit.checks(
                        () -> new PinballLoss(0.3),
                        (metric, of, from, to) -> metric.update(
                                of.create(Arrays.copyOfRange(X, from, to)), of.create(Arrays.copyOfRange(Y, from, to))))
                .map(check -> dynamicTest(check.name(), check::run));
    }

    @Test
    void correlations_ofRanks_areUndefinedWhereASideIsConstantOrHasANaN() {
        for (BatchMetric metric : List.of(new SpearmanCorrCoef(), new KendallRankCorrCoef())) {
            assertThat(of(metric, new float[] {1, 2, 3}, new float[] {2, 2, 2})).isNaN();
            assertThat(of(metric, new float[] {1, Float.NaN, 3}, new float[] {1, 2, 3}))
                    .isNaN();
            assertThat(of(metric, new float[] {1}, new float[] {2})).isNaN();
            assertThat(of(metric, new float[] {0f, -0f, 1}, new float[] {5, 5, 6}))
                    .as("0 and -0 are a tie")
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void r2Score_ofOnePair_isUndefined() {
        assertThat(of(new R2Score(), new float[] {1}, new float[] {2})).isNaN();
    }

    @Test
    void metricsOfOutputs_refuseOtherNumbersOfColumns() {
        NDArray two = manager.zeros(new Shape(4, 2));
        for (BatchMetric metric :
                List.of(new R2Score(), new ExplainedVariance(3), new PearsonCorrCoef(), new SpearmanCorrCoef())) {
            assertThatThrownBy(() -> metric.update(two, two))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("(4, 2)", "outputs");
        }
    }

    @Test
    void metricsOfRegression_refuseShapesThatDiffer() {
        NDArray column = manager.zeros(new Shape(4, 1));
        NDArray row = manager.zeros(new Shape(4));
        for (BatchMetric metric : List.of(new MeanSquaredError(), new PearsonCorrCoef(), new SpearmanCorrCoef())) {
            assertThatThrownBy(() -> metric.update(column, row))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("(4, 1)");
        }
    }

    private double of(BatchMetric metric, float[] x, float[] y) {
        metric.reset();
        metric.update(manager.create(x), manager.create(y));
        return metric.compute();
    }
}
