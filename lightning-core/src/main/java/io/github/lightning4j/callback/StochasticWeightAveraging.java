package io.github.lightning4j.callback;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.number.Shares;
import java.util.Arrays;
import java.util.List;

/**
 * Stochastic weight averaging: from some epoch on the learning rate goes to a constant one, and the weights at the end of
 * each epoch are averaged, all equally. Where and how the average is used says {@link WeightAveraging}.
 *
 * <pre>{@code
 * StochasticWeightAveraging.builder(0.05).startFraction(0.75).annealingEpochs(5).build()
 * }</pre>
 *
 * <p>After each averaging the running statistics of BatchNorm layers are made those of the averaged weights, by a forward pass
 * in training mode over the batches of the epoch, which costs about a third of an epoch; modules without BatchNorm do without.
 * The module's {@code forward} is called for it.
 *
 * <p>The learning rates are set before every batch from the starting epoch on, whatever a schedule makes of them. Those of
 * several epochs are {@code lr = alpha * swaLr + (1 - alpha) * lr0}, where {@code lr0} is the rate when averaging started and
 * alpha grows from 0 to 1 over {@code annealingEpochs}. Sources: <a href="https://arxiv.org/abs/1803.05407">Izmailov et al.,
 * 2018</a>; {@code torch.optim.swa_utils}, whose {@code AveragedModel}, {@code SWALR} and {@code update_bn} it follows; PyTorch
 * Lightning's callback averages at the starts of epochs and leaves out the last weights.
 */
public final class StochasticWeightAveraging extends WeightAveraging {
    /** How the learning rate goes to that of averaging. */
    public enum Annealing {
        /** Along half a cosine. */
        COS,
        /** By equal parts. */
        LINEAR
    }

    private final double[] swaLrs;
    private final double startFraction;
    private final long startEpoch;
    private final int annealingEpochs;
    private final Annealing annealing;
    private long start = Long.MAX_VALUE;
    private double[] initialLrs = {};
    private long refreshed;

    private StochasticWeightAveraging(Builder builder) {
        super(false);
        swaLrs = builder.swaLrs.clone();
        startFraction = builder.startFraction;
        startEpoch = builder.startEpoch;
        annealingEpochs = builder.annealingEpochs;
        annealing = builder.annealing;
    }

    /**
     * Starts with averaging in the last fifth of the epochs, and annealing over ten epochs along a cosine.
     *
     * @param swaLrs the learning rate of averaging, above 0; one for all parameter groups, or one for each
     * @return the builder
     * @throws ConfigurationException if there is none, or one is not above 0
     */
    public static Builder builder(double... swaLrs) {
        return new Builder(swaLrs);
    }

    /** Builds a {@link StochasticWeightAveraging}. */
    public static final class Builder {
        private final double[] swaLrs;
        private double startFraction = 0.8;
        private long startEpoch = -1;
        private int annealingEpochs = 10;
        private Annealing annealing = Annealing.COS;

        private Builder(double... swaLrs) {
            this.swaLrs =
                    Require.given(swaLrs, "StochasticWeightAveraging swaLrs").clone();
            if (swaLrs.length == 0) {
                throw new ConfigurationException(
                        "StochasticWeightAveraging swaLrs is empty, but it must be one learning"
                                + " rate for all parameter groups or one for each.");
            }
            for (double lr : swaLrs) {
                Require.finitePositive(lr, "StochasticWeightAveraging swaLrs");
            }
        }

        /**
         * Starts averaging with an epoch.
         *
         * @param epoch the first whose weights are averaged, counted from 0
         * @return this
         * @throws ConfigurationException if it is negative
         */
        public Builder startEpoch(long epoch) {
            startEpoch = Require.atLeast(0, epoch, "StochasticWeightAveraging startEpoch");
            return this;
        }

        /**
         * Starts averaging after a share of {@code maxEpochs}; 0.8 by default.
         *
         * @param fraction 0 or more and below 1
         * @return this
         * @throws ConfigurationException if it is out of range
         */
        public Builder startFraction(double fraction) {
            startFraction = Require.belowOne(fraction, "StochasticWeightAveraging startFraction");
            startEpoch = -1;
            return this;
        }

        /**
         * Sets over how many epochs the learning rate goes to that of averaging; 10 by default.
         *
         * @param epochs at least 0, which goes there at once
         * @return this
         * @throws ConfigurationException if it is negative
         */
        public Builder annealingEpochs(int epochs) {
            annealingEpochs = Require.atLeast(0, epochs, "StochasticWeightAveraging annealingEpochs");
            return this;
        }

        /**
         * Sets how it goes there; along a cosine by default.
         *
         * @param value how
         * @return this
         */
        public Builder annealing(Annealing value) {
            annealing = Require.given(value, "StochasticWeightAveraging annealing");
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public StochasticWeightAveraging build() {
            return new StochasticWeightAveraging(this);
        }
    }

    @Override
    public void setup(Run run, Stage stage) {
        super.setup(run, stage);
        initialLrs = new double[0];
        refreshed = 0;
        if (run.isFitting()) {
            start = startEpoch >= 0 ? startEpoch : Shares.floor(epochs(run), startFraction);
        }
    }

    private static long epochs(Run run) {
        if (run.maxEpochs() < 0) {
            throw new ConfigurationException(
                    "StochasticWeightAveraging starts after a share of maxEpochs, but there is no"
                            + " such limit. Set maxEpochs, or startEpoch of the callback.");
        }
        return run.maxEpochs();
    }

    @Override
    public void onFitStart(Run run) {
        int optimizers = run.optimizers().size();
        if (optimizers != 1) {
            throw new ConfigurationException(
                    "StochasticWeightAveraging sets the learning rates of one optimizer, but the" + " module has "
                            + optimizers + ". Use EMAWeightAveraging, which leaves them alone.");
        }
        int groups = groups(run).size();
        if (swaLrs.length != 1 && swaLrs.length != groups) {
            throw new ConfigurationException("StochasticWeightAveraging has " + swaLrs.length
                    + " learning rates, but the optimizer has " + groups
                    + " parameter groups. Give one for all, or one for each.");
        }
    }

    private static List<ParamGroup> groups(Run run) {
        return run.optimizers().get(0).paramGroups();
    }

    @Override
    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
        if (run.epoch() >= start) {
            setLrs(groups(run), alpha(run.epoch() - start));
        }
    }

    private void setLrs(List<ParamGroup> groups, double alpha) {
        for (int i = 0; i < groups.size(); i++) {
            ParamGroup group = groups.get(i);
            if (i == initialLrs.length) {
                initialLrs = Arrays.copyOf(initialLrs, i + 1);
                initialLrs[i] = group.lr();
            }
            double swaLr = swaLrs[Math.min(i, swaLrs.length - 1)];
            group.setLr(alpha * swaLr + (1 - alpha) * initialLrs[i]);
        }
    }

    private double alpha(long epochs) {
        double part = annealingEpochs == 0 ? 1 : Math.min(1, (double) epochs / annealingEpochs);
        return annealing == Annealing.LINEAR ? part : (1 - Math.cos(Math.PI * part)) / 2;
    }

    @Override
    protected boolean isDueAfterEpoch(Run run) {
        return run.epoch() >= start;
    }

    @Override
    protected double weight(long count) {
        return 1.0 / (count + 1);
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        super.onTrainEpochEnd(run);
        if (isStale(run)) {
            withAverage(() -> refresh(run));
        }
    }

    @Override
    public void onValidationStart(Run run) {
        super.onValidationStart(run);
        if (run.isFitting() && isStale(run)) {
            refresh(run);
        }
    }

    private boolean isStale(Run run) {
        return averaged() != refreshed && BatchNormRefresh.concerns(run.module());
    }

    private void refresh(Run run) {
        if (BatchNormRefresh.run(run)) {
            refreshed = averaged();
        }
    }

    @Override
    public void save(StateWriter state) {
        super.save(state);
        state.putDoubles("initial_lrs", initialLrs);
        state.putLong("refreshed", refreshed);
    }

    @Override
    public void load(StateReader state) {
        super.load(state);
        initialLrs = state.getDoubles("initial_lrs");
        refreshed = state.getLong("refreshed", 0);
    }
}
