package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.KeyName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics that are updated together. Those that collect the same, such as precision and recall of the same classes, or AUROC
 * and ROC with the same thresholds, collect it once. {@link #value()} has the numbers of all, under prefix and name; matrices
 * and curves are got by {@link #get}.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/pages/overview.html#metriccollection">torchmetrics</a>
 */
public final class MetricCollection implements BatchMetric {
    private final String prefix;
    private final Map<String, BatchMetric> metrics;
    /** Those that collect, by name; the others look at what these have. */
    private final Map<String, BatchMetric> collecting = new LinkedHashMap<>();

    private MetricCollection(Builder builder) {
        prefix = builder.prefix;
        metrics = new LinkedHashMap<>(builder.metrics);
        metrics.forEach((name, metric) -> {
            if (!isServedByAnother(metric)) {
                collecting.put(name, metric);
            }
        });
    }

    private boolean isServedByAnother(BatchMetric metric) {
        return metric instanceof StateMetric<?> one
                && collecting.values().stream()
                        .anyMatch(other -> other instanceof StateMetric<?> state && one.shares(state));
    }

    /**
     * Starts a collection.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Adds a batch to all metrics. If one refuses it, those before it keep it, so that the collection is to be reset.
     *
     * @param predictions what was predicted
     * @param labels what should have been
     * @throws io.github.lightning4j.DataException if they do not suit one of the metrics
     */
    @Override
    public void update(NDArray predictions, NDArray labels) {
        collecting.values().forEach(metric -> metric.update(predictions, labels));
    }

    /**
     * One of the metrics, to look at; it is updated by the collection.
     *
     * @param name its name, without the prefix
     * @return the metric
     * @throws io.github.lightning4j.ConfigurationException if there is none of that name
     */
    public BatchMetric get(String name) {
        BatchMetric metric = metrics.get(name);
        if (metric == null) {
            throw new ConfigurationException(
                    "There is no metric '" + name + "'. The collection has " + metrics.keySet() + ".");
        }
        return metric;
    }

    @Override
    public double compute() {
        return value().number();
    }

    @Override
    public MetricValue value() {
        List<String> names = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        metrics.forEach((name, metric) -> metric.value().scalars().forEach((part, number) -> {
            names.add(prefix + (part.isEmpty() ? name : name + "_" + part));
            values.add(number);
        }));
        return new MetricValue.Vector(names, values);
    }

    @Override
    public void reset() {
        metrics.values().forEach(BatchMetric::reset);
    }

    @Override
    public void save(StateWriter state) {
        collecting.forEach((name, metric) -> metric.save(state.child(KeyName.of(name))));
    }

    @Override
    public void load(StateReader state) {
        collecting.forEach((name, metric) -> metric.load(state.child(KeyName.of(name))));
    }

    @Override
    public void close() {
        for (BatchMetric metric : metrics.values()) {
            metric.close();
        }
    }

    /** Builds a {@link MetricCollection}. */
    public static final class Builder {
        private final Map<String, BatchMetric> metrics = new LinkedHashMap<>();
        private String prefix = "";

        private Builder() {}

        /**
         * Adds a metric under the name of its class.
         *
         * @param metric a metric that is used nowhere else
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if there is one of that name
         */
        public Builder add(BatchMetric metric) {
            return add(ClassName.of(metric), metric);
        }

        /**
         * Adds a metric.
         *
         * @param name what it is called
         * @param metric a metric that is used nowhere else
         * @return this
         * @throws io.github.lightning4j.ConfigurationException if there is one of that name
         */
        public Builder add(String name, BatchMetric metric) {
            Require.name(name, "the name of a metric");
            Require.that(!metrics.containsKey(name), "The name of a metric", "'" + name + "'", "given once", "");
            metrics.put(name, metric);
            return this;
        }

        /**
         * Sets what all names begin with; nothing unless set.
         *
         * @param value the prefix, such as {@code val_}
         * @return this
         */
        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        /**
         * Builds it.
         *
         * @return a new collection
         * @throws io.github.lightning4j.ConfigurationException if it has no metric
         */
        public MetricCollection build() {
            Require.that(!metrics.isEmpty(), "MetricCollection", "empty", "of one metric or more", "call add(...)");
            return new MetricCollection(this);
        }
    }
}
