package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names the numbers of a metric of each class: without more, by the metric's class in small letters, {@code _} and the name
 * of the class, such as {@code recall_3}.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/wrappers/classwise_wrapper.html">torchmetrics</a>
 */
public final class ClasswiseWrapper implements BatchMetric {
    private final BatchMetric metric;
    private final List<String> labels;
    private final String prefix;
    private final String postfix;

    private ClasswiseWrapper(Builder builder) {
        metric = builder.metric;
        labels = builder.labels;
        String own = ClassName.of(metric).toLowerCase(Locale.ROOT) + "_";
        prefix = builder.prefix != null ? builder.prefix : builder.postfix.isEmpty() ? own : "";
        postfix = builder.postfix;
    }

    /**
     * Starts one.
     *
     * @param metric a metric whose value is a vector, such as one of {@link Average#NONE}
     * @return the builder
     */
    public static Builder builder(BatchMetric metric) {
        return new Builder(metric);
    }

    @Override
    public void update(NDArray predictions, NDArray target) {
        metric.update(predictions, target);
    }

    @Override
    public double compute() {
        return value().number();
    }

    /**
     * The metric's numbers under their new names.
     *
     * @return a vector
     * @throws io.github.lightning4j.ConfigurationException if the metric's value is none, or has another length than labels
     */
    @Override
    public MetricValue value() {
        MetricValue value = metric.value();
        String kind = value.getClass().getSimpleName();
        Require.that(
                value instanceof MetricValue.Vector,
                "The value of what ClasswiseWrapper wraps",
                kind,
                "a Vector",
                "set average(Average.NONE)");
        MetricValue.Vector vector = (MetricValue.Vector) value;
        List<String> names = labels.isEmpty() ? vector.names() : labels;
        int size = vector.names().size();
        Require.that(names.size() == size, "ClasswiseWrapper labels", labels, size + " names", "");
        return new MetricValue.Vector(
                names.stream().map(name -> prefix + name + postfix).toList(), vector.values());
    }

    @Override
    public void reset() {
        metric.reset();
    }

    @Override
    public void save(StateWriter state) {
        metric.save(state);
    }

    @Override
    public void load(StateReader state) {
        metric.load(state);
    }

    @Override
    public void close() {
        metric.close();
    }

    /** Builds a {@link ClasswiseWrapper}. */
    public static final class Builder {
        private final BatchMetric metric;
        private List<String> labels = List.of();
        private @Nullable String prefix;
        private String postfix = "";

        private Builder(BatchMetric metric) {
            this.metric = metric;
        }

        /**
         * Names the classes; as the metric names them unless set.
         *
         * @param value a name for each
         * @return this
         */
        public Builder labels(String... value) {
            labels = List.of(value);
            return this;
        }

        /**
         * Sets what names begin with.
         *
         * @param value the prefix
         * @return this
         */
        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        /**
         * Sets what names end with; without a prefix, there is none then.
         *
         * @param value the postfix
         * @return this
         */
        public Builder postfix(String value) {
            postfix = value;
            return this;
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public ClasswiseWrapper build() {
            return new ClasswiseWrapper(this);
        }
    }
}
