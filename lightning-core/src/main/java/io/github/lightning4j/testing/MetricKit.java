package io.github.lightning4j.testing;

import ai.djl.ndarray.NDManager;
import io.github.lightning4j.Metric;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks what every metric promises: its value is that of all samples however they are divided into batches, it survives an
 * interruption between two updates, and {@code reset} forgets everything. (For a count, which rightly is 0 without samples,
 * leave the check of that name out.)
 *
 * <pre>{@code
 * return MetricKit.checks(() -> new Accuracy(2), (metric, manager, from, to) -> metric.update(
 *                 manager.create(Arrays.copyOfRange(SCORES, from, to)), manager.create(Arrays.copyOfRange(LABELS, from, to))))
 *         .map(check -> dynamicTest(check.name(), check::run));
 * }</pre>
 */
public final class MetricKit {
    /** The number of samples a feeder must have. */
    public static final int SAMPLES = 12;

    private MetricKit() {}

    /**
     * Feeds a metric with some of {@value MetricKit#SAMPLES} samples, which are always the same.
     *
     * @param <M> the metric's class
     */
    @FunctionalInterface
    public interface Feeder<M extends Metric> {
        /**
         * Updates the metric once, with one batch.
         *
         * @param metric the metric
         * @param manager makes the batch's arrays
         * @param from the batch's first sample, from 0
         * @param to the sample after its last
         */
        void feed(M metric, NDManager manager, int from, int to);
    }

    /**
     * The checks.
     *
     * @param metric makes a new metric, equal each time
     * @param feeder gives it samples; no two batches of them should have the same value
     * @param <M> the metric's class
     * @return one by one
     */
    public static <M extends Metric> Stream<Check> checks(Supplier<M> metric, Feeder<M> feeder) {
        MetricChecks<M> checks = new MetricChecks<>(metric, feeder);
        return Stream.of(
                new Check("weighs samples, not batches", checks::weighsSamples),
                new Check("has the same value when it is computed twice", checks::computesTwice),
                new Check("is NaN, or refuses, without samples", checks::isDefinedWhenEmpty),
                new Check("forgets everything when it is reset", checks::forgets),
                new Check("goes on where it was saved", checks::resumes),
                new Check("outlives the scope of a step", checks::outlivesSteps),
                new Check("frees native memory", checks::freesNativeMemory));
    }
}
