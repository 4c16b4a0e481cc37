package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a training loss that jumps above those before it, and reports it, leaves its batch out or ends the fit.
 *
 * <pre>{@code
 * SpikeDetection.builder().window(50).sigma(6).action(SpikeDetection.Action.SKIP).build()
 * }</pre>
 *
 * <p>A loss is a spike if it is not finite, or lies above the mean of the last losses by all that was asked for: {@code ratio}
 * times that mean (twice it by default), {@code sigma} standard deviations, {@code difference}. Spikes do not count among the
 * last losses. The losses and the spikes are saved with checkpoints.
 *
 * <p>Every loss is read, which on a GPU waits for the device. Under manual optimization it is what {@code trainingStep}
 * returns, after its batch, so that nothing can be left out.
 */
public final class SpikeDetection implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(SpikeDetection.class);
    private static final int REMEMBERED = 1000;

    /** What becomes of a spike. */
    public enum Action {
        /** A warning names it. */
        REPORT,
        /** Its batch is left out, too, as if {@code trainingStep} had returned null. */
        SKIP,
        /** The fit ends, and its batch is left out. */
        STOP
    }

    /**
     * A loss that jumped.
     *
     * @param epoch the epoch, from 0
     * @param batch the batch's index in the epoch, from 0
     * @param loss the loss
     * @param mean the mean of the losses before it
     */
    public record Spike(long epoch, long batch, double loss, double mean) {}

    private final Action action;
    private final int window;
    private final int warmup;
    private final double ratio;
    private final double sigma;
    private final double difference;
    private final Deque<Double> losses = new ArrayDeque<>();
    private final Deque<Spike> spikes = new ArrayDeque<>();

    private SpikeDetection(Builder builder) {
        action = builder.action;
        window = builder.window;
        warmup = builder.warmup;
        ratio = Double.isNaN(builder.ratio) ? builder.defaultRatio() : builder.ratio;
        sigma = builder.sigma;
        difference = builder.difference;
    }

    /**
     * Starts with reports of losses that are three times the mean of the last ten.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link SpikeDetection}. */
    public static final class Builder {
        private Action action = Action.REPORT;
        private int window = 10;
        private int warmup = 1;
        private double ratio = Double.NaN;
        private double sigma;
        private double difference;

        private Builder() {}

        /**
         * Sets what becomes of a spike; it is reported by default.
         *
         * @param value what
         * @return this
         */
        public Builder action(Action value) {
            action = Require.given(value, "SpikeDetection action");
            return this;
        }

        /**
         * Sets how many losses before it a loss is compared with; 10 by default.
         *
         * @param losses at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder window(int losses) {
            window = Require.atLeast(1, losses, "SpikeDetection window");
            return this;
        }

        /**
         * Sets how many losses there must be before one can be a spike, counted over the run; 1 by default. A loss that is not
         * finite is one at once.
         *
         * @param losses at least 1
         * @return this
         * @throws ConfigurationException if it is below 1
         */
        public Builder warmup(int losses) {
            warmup = Require.atLeast(1, losses, "SpikeDetection warmup");
            return this;
        }

        /**
         * Asks for a jump of so many times the mean; 2 by default, unless another measure is given.
         *
         * @param times above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder ratio(double times) {
            ratio = Require.finitePositive(times, "SpikeDetection ratio");
            return this;
        }

        /**
         * Asks for a jump of so many standard deviations of the losses in the window.
         *
         * @param deviations above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder sigma(double deviations) {
            sigma = Require.finitePositive(deviations, "SpikeDetection sigma");
            return this;
        }

        /**
         * Asks for a jump of so much.
         *
         * @param value above 0
         * @return this
         * @throws ConfigurationException if it is not above 0
         */
        public Builder difference(double value) {
            difference = Require.finitePositive(value, "SpikeDetection difference");
            return this;
        }

        private double defaultRatio() {
            return sigma == 0 && difference == 0 ? 2 : 0;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         * @throws ConfigurationException if the warm-up is longer than the window
         */
        public SpikeDetection build() {
            if (warmup > window) {
                throw new ConfigurationException("SpikeDetection warmup is " + warmup + ", but only the last " + window
                        + " losses are kept. Set a window of at least " + warmup + ".");
            }
            return new SpikeDetection(this);
        }
    }

    /**
     * The spikes of this run, the newest thousand of them.
     *
     * @return in the order in which they came
     */
    public List<Spike> spikes() {
        return List.copyOf(spikes);
    }

    @Override
    public void setup(Run run, Stage stage) {
        if (run.isFitting()) {
            losses.clear();
            spikes.clear();
        }
    }

    @Override
    public void onFitStart(Run run) {
        if (action == Action.SKIP && !run.module().automaticOptimization()) {
            throw new ConfigurationException("SpikeDetection cannot leave out batches of "
                    + ClassName.of(run.module())
                    + ", which optimizes by itself (automaticOptimization() is false). Use REPORT or STOP.");
        }
    }

    @Override
    public void onBeforeBackward(Run run, NDArray loss) {
        if (run.isReevaluating() || !run.module().automaticOptimization()) {
            return;
        }
        if (isSpike(run, loss, run.batchesDone()) && action != Action.REPORT) {
            run.skipBatch();
        }
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        if (loss != null && !run.module().automaticOptimization()) {
            isSpike(run, loss, batchIndex);
        }
    }

    private boolean isSpike(Run run, NDArray loss, long batch) {
        double value = Tensors.toDouble(loss);
        double mean = mean();
        if (!isSpike(value, mean)) {
            losses.addLast(value);
            if (losses.size() > window) {
                losses.removeFirst();
            }
            return false;
        }
        remember(new Spike(run.epoch(), batch, value, mean));
        String words =
                "the loss jumped from " + mean + " to " + value + " in epoch " + run.epoch() + ", batch " + batch;
        LOG.warn("{}", words);
        if (action == Action.STOP) {
            run.requestStop(words);
        }
        return true;
    }

    private boolean isSpike(double value, double mean) {
        if (!Double.isFinite(value)) {
            return true;
        }
        double jump = value - mean;
        return losses.size() >= warmup
                && jump > 0
                && jump >= ratio * Math.abs(mean)
                && jump >= difference
                && (sigma == 0 || jump >= sigma * deviation(mean));
    }

    private double mean() {
        return losses.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private double deviation(double mean) {
        return Math.sqrt(losses.stream()
                .mapToDouble(loss -> (loss - mean) * (loss - mean))
                .average()
                .orElse(0));
    }

    private void remember(Spike spike) {
        spikes.addLast(spike);
        if (spikes.size() > REMEMBERED) {
            spikes.removeFirst();
        }
    }

    @Override
    public void save(StateWriter state) {
        state.putDoubles(
                "losses", losses.stream().mapToDouble(Double::doubleValue).toArray());
        state.putLongs("spike_epochs", spikes.stream().mapToLong(Spike::epoch).toArray());
        state.putLongs("spike_batches", spikes.stream().mapToLong(Spike::batch).toArray());
        state.putDoubles(
                "spike_losses", spikes.stream().mapToDouble(Spike::loss).toArray());
        state.putDoubles("spike_means", spikes.stream().mapToDouble(Spike::mean).toArray());
    }

    @Override
    public void load(StateReader state) {
        losses.clear();
        List<Double> saved = new ArrayList<>();
        for (double loss : state.getDoubles("losses")) {
            saved.add(loss);
        }
        losses.addAll(saved.subList(Math.max(0, saved.size() - window), saved.size()));
        spikes.clear();
        long[] epochs = state.getLongs("spike_epochs");
        long[] batches = state.getLongs("spike_batches");
        double[] values = state.getDoubles("spike_losses");
        double[] means = state.getDoubles("spike_means");
        for (int i = 0; i < epochs.length; i++) {
            spikes.addLast(new Spike(epochs[i], batches[i], values[i], means[i]));
        }
    }
}
