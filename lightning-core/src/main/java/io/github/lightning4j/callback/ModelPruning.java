package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.dataset.Batch;
import ai.djl.util.Pair;
import io.github.lightning4j.Callback;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the weights of least magnitude to zero and keeps them there, while the others are trained on.
 *
 * <pre>{@code
 * ModelPruning.builder(0.2).epochs(epoch -> epoch >= 5).build()
 * }</pre>
 *
 * <p>At the end of an epoch a share of the weights that are left is pruned, to the nearest whole number, as {@code
 * torch.nn.utils.prune.l1_unstructured} and {@code global_unstructured} do it; two rounds of 0.5 leave a quarter. Weights that
 * are pruned are zero after every optimizer step, and their gradients before it, so that they count in no norm. The masks are
 * saved with checkpoints; the zeros are the module's own, so nothing has to be removed when the fit is over.
 *
 * <p>Source: <a href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.ModelPruning.html">
 * ModelPruning</a> of PyTorch Lightning.
 */
public final class ModelPruning implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPruning.class);
    private static final String MASKS = "masks";
    private static final String FIRST = "first";

    /** Which weights are compared with each other. */
    public enum Scope {
        /** Single weights of all layers: those of a layer of small weights go first. */
        GLOBAL,
        /** Single weights of a layer: each layer loses the same share. */
        LAYER,
        /** Output channels of a layer, the first axis of its weight, by their Euclidean norm. */
        CHANNEL
    }

    private final SmallestWeights smallest;
    private final Scope scope;
    private final LongPredicate epochs;
    private final Predicate<String> names;
    private final @Nullable LongPredicate lottery;
    private @Nullable Run run;
    private @Nullable FirstWeights first;
    private @Nullable PruningMasks masks;
    private long step;
    private double sparsity;

    private ModelPruning(Builder builder) {
        smallest = new SmallestWeights(builder.amount);
        scope = builder.scope;
        epochs = builder.epochs;
        names = builder.names;
        lottery = builder.lottery;
    }

    /**
     * Starts with pruning at the end of every epoch, among the weights of all layers.
     *
     * @param amount the share of what is left that is pruned each time, above 0 and at most 1
     * @return the builder
     * @throws ConfigurationException if it is out of range
     */
    public static Builder builder(double amount) {
        return new Builder(amount);
    }

    /** Builds a {@link ModelPruning}. */
    public static final class Builder {
        private final double amount;
        private Scope scope = Scope.GLOBAL;
        private LongPredicate epochs = epoch -> true;
        private Predicate<String> names = name -> true;
        private @Nullable LongPredicate lottery;

        private Builder(double amount) {
            this.amount = Require.positiveFraction(amount, "ModelPruning amount");
        }

        /**
         * Sets which weights are compared with each other; those of all layers by default.
         *
         * @param value which
         * @return this
         */
        public Builder scope(Scope value) {
            scope = Require.given(value, "ModelPruning scope");
            return this;
        }

        /**
         * Chooses the epochs at whose end is pruned; all by default.
         *
         * @param chosen is given an epoch, counted from 0
         * @return this
         */
        public Builder epochs(LongPredicate chosen) {
            epochs = Require.given(chosen, "ModelPruning epochs");
            return this;
        }

        /**
         * Chooses among the parameters that can be pruned: those that are trained and have two or more axes, so that biases
         * and the parameters of norms are left alone; all of them by default.
         *
         * @param chosen is given a parameter's name, such as {@code net.0.weight}
         * @return this
         */
        public Builder parameters(Predicate<String> chosen) {
            names = Require.given(chosen, "ModelPruning parameters");
            return this;
        }

        /**
         * Puts what is left back to where it was when the fit started, after each pruning: the lottery ticket hypothesis says
         * that the small network in there trains as well as the large one did. All parameters that are trained at the start go
         * back, biases and those of norms among them; running statistics and what optimizers remember stay. Lightning puts back
         * those alone that it prunes.
         *
         * <p>Source: <a href="https://arxiv.org/abs/1803.03635">Frankle and Carbin, The Lottery Ticket Hypothesis</a>.
         *
         * @return this
         */
        public Builder useLotteryTicketHypothesis() {
            return useLotteryTicketHypothesis(epoch -> true);
        }

        /**
         * Puts what is left back to where it was when the fit started, as {@link #useLotteryTicketHypothesis()} does, after the
         * prunings of chosen epochs.
         *
         * @param chosen is given an epoch at whose end was pruned, counted from 0
         * @return this
         */
        public Builder useLotteryTicketHypothesis(LongPredicate chosen) {
            lottery = Require.given(chosen, "ModelPruning useLotteryTicketHypothesis");
            return this;
        }

        /**
         * Builds the callback.
         *
         * @return the callback
         */
        public ModelPruning build() {
            return new ModelPruning(this);
        }
    }

    /**
     * The share of the weights among which is pruned that is zero by it.
     *
     * @return 0 before the first pruning; after a fit that of its end
     */
    public double sparsity() {
        return sparsity;
    }

    @Override
    public void setup(Run run, Stage stage) {
        close();
        if (run.isFitting()) {
            this.run = run;
            sparsity = 0;
        }
    }

    private void close() {
        if (masks != null) {
            masks.close();
        }
        masks = null;
        if (first != null) {
            first.close();
        }
        first = null;
        run = null;
    }

    @Override
    public void onFitStart(Run run) {
        if (weights(run).isEmpty()) {
            throw new ConfigurationException("ModelPruning finds nothing to prune in " + ClassName.of(run.module())
                    + ": no parameter that is trained and has two or more axes has been chosen; there are "
                    + run.module().parameters().keys() + ".");
        }
        if (lottery != null && first == null) {
            first = new FirstWeights(run.module().parameters());
        }
    }

    private Map<String, NDArray> weights(Run run) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : run.module().parameters()) {
            NDArray array = pair.getValue().getArray();
            if (array.getShape().dimension() >= 2 && array.size() > 0 && names.test(pair.getKey())) {
                weights.put(pair.getKey(), array);
            }
        }
        return weights;
    }

    @Override
    public void onTrainStart(Run run) {
        step = run.globalStep();
    }

    @Override
    public void onBeforeOptimizerStep(Run run, Optimizer optimizer) {
        if (masks != null) {
            masks.applyToGradients(optimizer);
        }
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        afterStep(run);
    }

    private void afterStep(Run run) {
        if (masks != null && run.globalStep() != step) {
            masks.apply();
        }
        step = run.globalStep();
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        afterStep(run);
        if (epochs.test(run.epoch())) {
            prune(run);
        }
    }

    private void prune(Run run) {
        if (masks == null) {
            masks = new PruningMasks(weights(run));
        }
        PruningMasks all = masks;
        Map<String, float[]> magnitudes = all.magnitudes();
        Map<String, float[]> values = all.values();
        if (scope == Scope.GLOBAL) {
            smallest.takeOut(magnitudes, values);
        } else {
            values.forEach((name, mask) -> takeOut(all, name, magnitudes, mask));
        }
        all.set(values);
        if (first != null && lottery != null && lottery.test(run.epoch())) {
            first.restore();
        }
        all.apply();
        sparsity = all.sparsity();
        LOG.info("epoch {}: {} % of the weights are pruned", run.epoch(), Math.round(1000 * sparsity) / 10.0);
    }

    private void takeOut(PruningMasks all, String name, Map<String, float[]> magnitudes, float[] mask) {
        if (scope == Scope.CHANNEL) {
            smallest.takeOutRows(Objects.requireNonNull(magnitudes.get(name)), mask, all.width(name));
        } else {
            smallest.takeOut(magnitudes, Map.of(name, mask));
        }
    }

    @Override
    public void onTrainEnd(Run run) {
        if (masks != null) {
            masks.apply();
        }
    }

    @Override
    public void teardown(Run run, Stage stage) {
        close();
    }

    @Override
    public void save(StateWriter state) {
        state.putBoolean("pruned", masks != null);
        if (masks != null) {
            state.putStrings("parameters", List.copyOf(masks.names()));
            masks.save(state.child(MASKS));
        }
        if (first != null) {
            first.save(state.child(FIRST));
        }
    }

    @Override
    public void load(StateReader state) {
        if (run == null) {
            return;
        }
        if (lottery != null) {
            if (!state.has(FIRST)) {
                throw new CheckpointException(
                        "The checkpoint's run pruned without useLotteryTicketHypothesis, so it does not"
                                + " hold the weights that were there first. Leave that out, or start the run anew.");
            }
            StateReader saved = state.child(FIRST);
            first = new FirstWeights(named(run, FirstWeights.names(saved)));
            first.load(saved);
        }
        if (state.getBoolean("pruned")) {
            Map<String, NDArray> weights = new LinkedHashMap<>();
            named(run, state.getStrings("parameters"))
                    .forEach(pair -> weights.put(pair.getKey(), pair.getValue().getArray()));
            masks = new PruningMasks(weights);
            masks.load(state.child(MASKS));
            sparsity = masks.sparsity();
        }
    }

    private static List<Pair<String, Parameter>> named(Run run, List<String> names) {
        Set<String> wanted = Set.copyOf(names);
        List<Pair<String, Parameter>> found = new ArrayList<>();
        for (Pair<String, Parameter> pair : ParameterNames.of(run.module())) {
            if (wanted.contains(pair.getKey())) {
                found.add(pair);
            }
        }
        return found;
    }
}
