package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import java.util.List;

/**
 * The mean of max(0, 1 - m) over samples, with the margin m the score of the label less the largest other score, or where
 * binary the score itself, negative for label 0. Scores are probabilities, as in torchmetrics. NaN without samples.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/hinge_loss.html">torchmetrics</a>
 */
public final class HingeLoss extends StateMetric<HingeSums> {
    private final List<String> names;

    private HingeLoss(Builder builder) {
        super(builder.sums());
        names = builder.setup(0.5, 1, Average.NONE).names();
    }

    /**
     * Starts one of one class against the rest.
     *
     * @return the builder
     */
    public static Builder binary() {
        return new Builder(Task.BINARY, 2);
    }

    /**
     * Starts one over several classes of which each sample has one.
     *
     * @param classes the number of classes, 2 or more
     * @return the builder
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static Builder multiclass(int classes) {
        return new Builder(Task.MULTICLASS, classes);
    }

    @Override
    MetricValue evaluate(HingeSums over) {
        double[] means = over.means();
        return means.length == 1
                ? MetricValue.of(means[0])
                : new MetricValue.Vector(names, ConfusionMetric.list(means));
    }

    /** What a margin of several classes is. */
    public enum Mode {
        /** The label's score less the largest other score. */
        CRAMMER_SINGER,
        /** A binary margin of each class, which makes the value a vector. */
        ONE_VS_ALL
    }

    /** Builds a {@link HingeLoss}. */
    public static final class Builder extends TaskBuilder<Builder> {
        private double power = 1;
        private Mode mode = Mode.CRAMMER_SINGER;

        /**
         * Squares each sample's loss.
         *
         * @return this
         */
        public Builder squared() {
            power = 2;
            return this;
        }

        /**
         * Sets what a margin of several classes is; {@link Mode#CRAMMER_SINGER} unless set.
         *
         * @param value the mode
         * @return this
         */
        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        private HingeSums sums() {
            boolean several = task() == Task.MULTICLASS && mode == Mode.ONE_VS_ALL;
            return new HingeSums(setup(0.5, 1, Average.NONE), several ? classes() : 1, power);
        }

        private Builder(Task task, int classes) {
            super("HingeLoss", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public HingeLoss build() {
            return new HingeLoss(this);
        }
    }
}
