package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.random.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How sure a metric is: its mean and standard deviation over copies, each of which takes every sample as often as a Poisson
 * distribution of mean 1 says (Efron 1979; torchmetrics' sampling {@code poisson}). How often does not depend on the batches:
 * it follows from the seed, the copy and the number of the sample.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/wrappers/bootstrapper.html">torchmetrics</a>
 */
public final class BootStrapper implements BatchMetric {
    private final List<BatchMetric> copies;
    private final double[] quantiles;
    private final long seed;
    private long samples;

    private BootStrapper(Builder builder) {
        copies = Stream.<BatchMetric>generate(builder.metric::get)
                .limit(builder.copies)
                .toList();
        quantiles = builder.quantiles;
        seed = builder.seed;
    }

    /**
     * Starts one.
     *
     * @param metric makes a new metric of one number, equal each time
     * @return the builder
     */
    public static Builder builder(Supplier<? extends BatchMetric> metric) {
        return new Builder(metric);
    }

    @Override
    public void update(NDArray predictions, NDArray target) {
        Shape shape = target.getShape();
        if (shape.dimension() == 0 || predictions.getShape().dimension() == 0) {
            throw new DataException("BootStrapper got a target of shape " + shape + ", but takes samples (N, ...).");
        }
        int rows = Math.toIntExact(shape.get(0));
        for (int copy = 0; copy < copies.size(); copy++) {
            long[] chosen = chosen(copy, rows);
            if (chosen.length > 0) {
                update(copies.get(copy), predictions, target, chosen);
            }
        }
        samples += rows;
    }

    private static void update(BatchMetric copy, NDArray predictions, NDArray target, long... rows) {
        try (NDArray index = target.getManager().create(rows);
                NDArray some = predictions.get(new NDIndex("{}", index));
                NDArray its = target.get(new NDIndex("{}", index))) {
            copy.update(some, its);
        }
    }

    private long[] chosen(int copy, int rows) {
        return IntStream.range(0, rows)
                .flatMap(row -> IntStream.generate(() -> row).limit(times(copy, samples + row)))
                .asLongStream()
                .toArray();
    }

    /** A draw of the Poisson distribution of mean 1, by inversion. */
    private int times(int copy, long sample) {
        double draw = new SplitMix64(SplitMix64.mix(seed + copy * SplitMix64.GOLDEN_GAMMA) + sample).nextDouble();
        int times = 0;
        double probability = Math.exp(-1);
        while (draw >= probability && times < Short.MAX_VALUE) {
            draw -= probability;
            probability /= ++times;
        }
        return times;
    }

    @Override
    public double compute() {
        return value().number();
    }

    /**
     * The spread over copies.
     *
     * @return {@code mean}, {@code std} (over n - 1), and {@code quantile_q} for each q asked for
     */
    @Override
    public MetricValue value() {
        double[] values = copies.stream().mapToDouble(BatchMetric::compute).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        List<String> names = new ArrayList<>(List.of("mean", "std"));
        List<Double> numbers = new ArrayList<>(List.of(mean, Math.sqrt(squares / (values.length - 1))));
        Arrays.sort(values);
        for (double q : quantiles) {
            names.add("quantile_" + q);
            numbers.add(quantile(values, q));
        }
        return new MetricValue.Vector(names, numbers);
    }

    /** Between the two nearest values, as torch's. */
    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public void reset() {
        copies.forEach(BatchMetric::reset);
        samples = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("samples", samples);
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).save(state.child(Integer.toString(i)));
        }
    }

    @Override
    public void load(StateReader state) {
        samples = state.getLong("samples", 0);
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).load(state.child(Integer.toString(i)));
        }
    }

    @Override
    public void close() {
        copies.forEach(BatchMetric::close);
    }

    /** Builds a {@link BootStrapper}. */
    public static final class Builder {
        private final Supplier<? extends BatchMetric> metric;
        private int copies = 10;
        private double[] quantiles = {};
        private long seed;

        private Builder(Supplier<? extends BatchMetric> metric) {
            this.metric = metric;
        }

        /**
         * Sets the number of copies; 10 unless set.
         *
         * @param value 2 or more
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if it is below 2
         */
        public Builder copies(int value) {
            copies = Require.atLeast(2, value, "BootStrapper copies");
            return this;
        }

        /**
         * Asks for quantiles over the copies; none unless set.
         *
         * @param value numbers from 0 to 1
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if one is out of range
         */
        public Builder quantiles(double... value) {
            for (double each : value) {
                Require.fraction(each, "BootStrapper quantile");
            }
            quantiles = value.clone();
            return this;
        }

        /**
         * Sets what decides how often each copy takes a sample; 0 unless set.
         *
         * @param value any number
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public BootStrapper build() {
            return new BootStrapper(this);
        }
    }
}
