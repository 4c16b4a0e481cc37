package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Logs how fast a fit trains: batches and samples a second over the last batches, and floating point operations if it is told
 * what a sample needs. The time of validations is left out.
 *
 * <pre>{@code
 * ThroughputMonitor.builder().window(100).flopsPerSample(2.4e9).peakFlops(67e12).build()
 * }</pre>
 *
 * <p>The rows go to the loggers alone, under {@code throughput/batches_per_second}, {@code throughput/samples_per_second},
 * {@code throughput/flops_per_second} and {@code throughput/mfu}, the share of the device's peak. On a GPU nothing waits for
 * the device: over a window the host cannot be far ahead of it.
 */
public final class ThroughputMonitor implements Callback {
    private final int everyNBatches;
    private final double flopsPerSample;
    private final double peakFlops;
    /** The clock and the samples after each batch of the window, and before the first; a ring. */
    private final long[] times;

    private final long[] samples;
    private long batches;
    private long samplesSeen;
    private long pausedNanos;
    private long pausedAt;

    private ThroughputMonitor(Builder builder) {
        everyNBatches = builder.everyNBatches;
        flopsPerSample = builder.flopsPerSample;
        peakFlops = builder.peakFlops;
        times = new long[builder.window + 1];
        samples = new long[builder.window + 1];
    }

    /**
     * Starts with a window of 100 batches, logged after every 50.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ThroughputMonitor}. */
    public static final class Builder {
        private int window = 100;
        private int everyNBatches = 50;
        private double flopsPerSample;
        private double peakFlops;

        private Builder() {}

        /**
         * Sets over how many batches rates are taken; 100 by default.
         *
         * @param batches at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder window(int batches) {
            window = Require.atLeast(1, batches, "ThroughputMonitor window");
            return this;
        }

        /**
         * Sets after how many batches a row is logged; 50 by default.
         *
         * @param batches at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder everyNBatches(int batches) {
            everyNBatches = Require.atLeast(1, batches, "ThroughputMonitor everyNBatches");
            return this;
        }

        /**
         * Sets what a training sample needs, forward and backward together; unknown by default.
         *
         * @param flops floating point operations, above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder flopsPerSample(double flops) {
            flopsPerSample = Require.finitePositive(flops, "ThroughputMonitor flopsPerSample");
            return this;
        }

        /**
         * Sets what the device can do, for the share of it that is used; needs {@link #flopsPerSample}.
         *
         * @param flops floating point operations a second, above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder peakFlops(double flops) {
            peakFlops = Require.finitePositive(flops, "ThroughputMonitor peakFlops");
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         * @throws ConfigurationException if a peak was set and not what a sample needs
         */
        public ThroughputMonitor build() {
            if (peakFlops > 0 && flopsPerSample == 0) {
                throw new ConfigurationException(
                        "ThroughputMonitor has peakFlops, but not what a sample needs. Set flopsPerSample as well.");
            }
            return new ThroughputMonitor(this);
        }
    }

    @Override
    public void setup(Run run, Stage stage) {
        batches = 0;
        samplesSeen = 0;
        pausedNanos = 0;
    }

    @Override
    public void onTrainStart(Run run) {
        mark();
    }

    private void mark() {
        int at = (int) (batches % times.length);
        times[at] = System.nanoTime() - pausedNanos;
        samples[at] = samplesSeen;
    }

    @Override
    public void onValidationStart(Run run) {
        pausedAt = System.nanoTime();
    }

    @Override
    public void onValidationEnd(Run run) {
        pausedNanos += System.nanoTime() - pausedAt;
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        batches++;
        samplesSeen += batch.getSize();
        mark();
        if (batches % everyNBatches == 0) {
            run.logTimes(rates());
        }
    }

    /**
     * The rates over the last window, as they are logged.
     *
     * @return name and rate; empty before the first batch
     */
    public Map<String, Double> rates() {
        Map<String, Double> rates = new LinkedHashMap<>();
        long count = Math.min(batches, times.length - 1L);
        if (count == 0) {
            return rates;
        }
        int last = (int) (batches % times.length);
        int first = (int) ((batches - count) % times.length);
        double seconds = Math.max(1, times[last] - times[first]) / 1e9;
        double samplesPerSecond = (samples[last] - samples[first]) / seconds;
        rates.put("throughput/batches_per_second", count / seconds);
        rates.put("throughput/samples_per_second", samplesPerSecond);
        if (flopsPerSample > 0) {
            rates.put("throughput/flops_per_second", samplesPerSecond * flopsPerSample);
        }
        if (peakFlops > 0) {
            rates.put("throughput/mfu", samplesPerSecond * flopsPerSample / peakFlops);
        }
        return rates;
    }
}
