package io.github.lightning4j.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Metric;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.metric.Accuracy;
import io.github.lightning4j.metric.MeanMetric;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MetricKitTest {
    private static final float[] SCORES = {1, -2, 3, 4, -5, 6, -7, -8, 9, 10, 11, 12};
    private static final long[] LABELS = {1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1};

    @TestFactory
    Stream<DynamicTest> accuracy_passesAllChecks() {
        return Checks.tests(
                "Accuracy",
                MetricKit.checks(
                        () -> new Accuracy(2),
                        (metric, manager, from, to) -> metric.update(
                                manager.create(Arrays.copyOfRange(SCORES, from, to)),
                                manager.create(Arrays.copyOfRange(LABELS, from, to)))));
    }

    @TestFactory
    Stream<DynamicTest> meanMetric_passesAllChecks() {
        return Checks.tests("MeanMetric", MetricKit.checks(MeanMetric::new, MetricKitTest::feedMean));
    }

    private static void feedMean(MeanMetric metric, NDManager manager, int from, int to) {
        metric.update(manager.create(Arrays.copyOfRange(SCORES, from, to)).mean(), to - from);
    }

    @Test
    void metricThatWeighsBatches_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(
                        MeanMetric::new,
                        (metric, manager, from, to) -> metric.update(
                                manager.create(Arrays.copyOfRange(SCORES, from, to))
                                        .mean(),
                                1)),
                "weighs samples, not batches \\| The value over batches of 5, 5 and 2: .* was expected, but it is");
    }

    @Test
    void metricThatForgetsNothing_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(
                        () -> new Sum() {
                            @Override
                            public void reset() {}
                        },
                        Sum::feed),
                "forgets everything when it is reset \\| The state after reset: 'count' differs: 0 was expected, but it is 7");
    }

    @Test
    void metricThatLosesItsState_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(
                        () -> new Sum() {
                            @Override
                            public void load(StateReader state) {
                                super.load(state);
                                count = 0;
                            }
                        },
                        Sum::feed),
                "goes on where it was saved \\| .* 'count' differs: 5 was expected, but it is 0");
    }

    @Test
    void metricThatIsZeroWithoutSamples_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(
                        () -> new Sum() {
                            @Override
                            public double compute() {
                                return count == 0 ? 0 : super.compute();
                            }
                        },
                        Sum::feed),
                "is NaN, or refuses, without samples \\| The value without samples: NaN was expected, but it is 0.0");
    }

    @Test
    void metricWhoseStateDiesWithTheStep_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(LeavesStateInTheStep::new, LeavesStateInTheStep::feed),
                "outlives the scope of a step \\| ");
    }

    @Test
    void metricThatIsNotClosed_isCaught() throws Exception {
        Checks.assertFailures(
                MetricKit.checks(Leaking::new, Leaking::feed),
                "frees native memory \\| native arrays left behind: 0 was expected, but it is 1");
    }

    /** The mean score. */
    private static class Sum implements Metric {
        double sum;
        long count;

        void feed(NDManager manager, int from, int to) {
            for (int i = from; i < to; i++) {
                sum += SCORES[i];
            }
            count += to - from;
        }

        @Override
        public double compute() {
            return sum / count;
        }

        @Override
        public void reset() {
            sum = 0;
            count = 0;
        }

        @Override
        public void save(StateWriter state) {
            state.putDouble("sum", sum);
            state.putLong("count", count);
        }

        @Override
        public void load(StateReader state) {
            sum = state.getDouble("sum");
            count = state.getLong("count");
        }
    }

    private static final class Leaking extends Sum {
        private final NDManager own = NDManager.newBaseManager();
        private final NDArray array = own.zeros(new Shape(1));
    }

    /** Keeps its sum in an array it makes in the step. */
    private static final class LeavesStateInTheStep extends Sum {
        private final NDManager own = NDManager.newBaseManager();
        private @Nullable NDArray last;

        @Override
        void feed(NDManager manager, int from, int to) {
            super.feed(manager, from, to);
            close(last);
            last = own.create(sum);
        }

        private static void close(@Nullable NDArray array) {
            if (array != null) {
                array.close();
            }
        }

        @Override
        public double compute() {
            return last == null ? Double.NaN : last.getDouble() / count;
        }

        @Override
        public void reset() {
            super.reset();
            close(last);
            last = null;
        }

        @Override
        public void load(StateReader state) {
            super.load(state);
            close(last);
            last = own.create(sum);
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
