package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Closure;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Require;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.KeyName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.GradientSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * L-BFGS, as {@code torch.optim.LBFGS}: a quasi-Newton method for losses without noise, such as those of a whole small data
 * set in one batch. A step takes up to {@code maxIter} iterations and evaluates the loss up to {@code maxEval} times through
 * a {@link Closure}. The loop provides one, each of whose evaluations in a step uses the same batch and the same random numbers.
 *
 * <p>Without a line search, a step ends before an iteration that leads to a loss which is not finite, where torch would go on.
 *
 * <p>It remembers {@code historySize} changes of the gradient and the steps that made them, which takes 2 {@code historySize}
 * times the parameters' memory. All parameters are of one group, device and dtype, FLOAT32 or FLOAT64.
 *
 * <p>Defaults: lr 1, maxIter 20, maxEval 1.25 maxIter, toleranceGrad 1e-7, toleranceChange 1e-9, historySize 100, no line
 * search.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html">torch.optim.LBFGS</a>
 */
public final class LBFGS implements Optimizer {
    private static final String NAME = "LBFGS";
    private static final String MAX_ITER = "max_iter";
    private static final String MAX_EVAL = "max_eval";
    private static final String TOLERANCE_GRAD = "tolerance_grad";
    private static final String TOLERANCE_CHANGE = "tolerance_change";
    private static final String HISTORY_SIZE = "history_size";
    private static final String MEMORY = "memory";

    private final ParamGroup group;
    private final LineSearch lineSearch;
    private final GradientSet gradients;
    private final Gradients view;
    private final FlatParameters flat;
    private @Nullable NDManager owner;
    private @Nullable CurvatureMemory memory;

    private LBFGS(Builder builder) {
        group = ParamGroups.of(NAME, "pg1", builder.parameters, builder.options(), List.of());
        lineSearch = builder.lineSearch;
        gradients = new GradientSet(builder.parameters);
        view = Gradients.over(gradients);
        flat = new FlatParameters(NAME, group.parameters(), gradients);
    }

    /**
     * Starts an LBFGS.
     *
     * @param parameters name and parameter, at least one
     * @return the builder
     */
    public static Builder builder(PairList<String, Parameter> parameters) {
        return new Builder(parameters);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ParamGroup> paramGroups() {
        return List.of(group);
    }

    @Override
    public Gradients gradients() {
        return view;
    }

    @Override
    public boolean needsClosure() {
        return true;
    }

    @Override
    public void step() {
        throw new ConfigurationException(
                "LBFGS evaluates the loss several times in a step. Call step(closure), with a closure that zeroes the"
                        + " gradients, computes the loss and runs backward; under automatic optimization the loop does"
                        + " that.");
    }

    /**
     * One step of up to {@code maxIter} iterations.
     *
     * @param closure computes the loss and its gradients
     * @return the loss before the step
     * @throws ConfigurationException if the parameters are of several dtypes or devices, or neither FLOAT32 nor FLOAT64
     */
    @Override
    public double step(Closure closure) {
        try (GradMode off = GradMode.off();
                NDManager work = owner().newSubManager()) {
            return new Descent(settings(), flat, memory(), closure, work).run();
        }
    }

    private Descent.Settings settings() {
        return new Descent.Settings(
                group.lr(),
                (int) group.get(MAX_ITER),
                (int) group.get(MAX_EVAL),
                group.get(TOLERANCE_GRAD),
                group.get(TOLERANCE_CHANGE),
                (int) group.get(HISTORY_SIZE),
                lineSearch);
    }

    private NDManager owner() {
        NDManager known = owner;
        if (known == null) {
            flat.requireOfOneKind();
            known = flat.newManager();
            owner = known;
        }
        return known;
    }

    private CurvatureMemory memory() {
        CurvatureMemory known = memory;
        if (known == null) {
            known = new CurvatureMemory(owner());
            memory = known;
        }
        return known;
    }

    @Override
    public void save(StateWriter state) {
        new OptimizerState(NAME, List.of(group), states()).save(state);
        if (memory != null) {
            memory.save(state.child(MEMORY));
        }
    }

    @Override
    public void load(StateReader state) {
        close();
        new OptimizerState(NAME, List.of(group), states()).load(state, this::noTensor);
        requireSameOrder(state.child("groups").child(KeyName.of(group.name())).getStrings("parameters"));
        if (state.has(MEMORY)) {
            memory().load(state.child(MEMORY));
        }
    }

    /** What is said of single parameters in a checkpoint: nothing, but which they are. */
    private List<ParamState> states() {
        return group.parameters().stream()
                .map(parameter -> new ParamState(parameter, group))
                .toList();
    }

    private NDArray noTensor(ParamState state, String tensor) {
        throw new CheckpointException("The checkpoint holds a tensor '" + tensor
                + "' of a single parameter, which LBFGS does not have. Something else than this library wrote it.");
    }

    private void requireSameOrder(List<String> saved) {
        List<String> present = group.present(saved);
        if (!present.equals(group.parameterNames())) {
            throw new CheckpointException("The checkpoint's LBFGS had its parameters in the order " + present
                    + ", and it is " + group.parameterNames()
                    + " now; what it remembers are vectors in that order. Give the parameters in it.");
        }
    }

    @Override
    public void close() {
        gradients.close();
        memory = null;
        if (owner != null) {
            owner.close();
            owner = null;
        }
    }

    /** Builds an {@link LBFGS}. */
    public static final class Builder {
        private final PairList<String, Parameter> parameters;
        private double lr = 1;
        private int maxIter = 20;
        private int maxEval;
        private double toleranceGrad = 1e-7;
        private double toleranceChange = 1e-9;
        private int historySize = 100;
        private LineSearch lineSearch = LineSearch.NONE;

        private Builder(PairList<String, Parameter> parameters) {
            this.parameters = Require.given(parameters, "LBFGS: the parameters");
        }

        /**
         * Sets the learning rate: the length of a step, or where the line search begins.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder lr(double value) {
            lr = Require.notNegative(value, "LBFGS: lr");
            return this;
        }

        /**
         * Sets how many iterations a step has at most.
         *
         * @param value at least 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder maxIter(int value) {
            maxIter = Require.atLeast(1, value, "LBFGS: maxIter");
            return this;
        }

        /**
         * Sets after how many evaluations of the loss a step ends; the iteration that it is in may take one more.
         *
         * @param value at least 1; 1.25 times {@code maxIter} if this is not called
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder maxEval(int value) {
            maxEval = Require.atLeast(1, value, "LBFGS: maxEval");
            return this;
        }

        /**
         * Sets how small the largest element of the gradient has to be for a step to end.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder toleranceGrad(double value) {
            toleranceGrad = Require.notNegative(value, "LBFGS: toleranceGrad");
            return this;
        }

        /**
         * Sets how small the change of the loss, or the largest change of a parameter, has to be for a step to end.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder toleranceChange(double value) {
            toleranceChange = Require.notNegative(value, "LBFGS: toleranceChange");
            return this;
        }

        /**
         * Sets how many changes of the gradient are remembered.
         *
         * @param value at least 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder historySize(int value) {
            historySize = Require.atLeast(1, value, "LBFGS: historySize");
            return this;
        }

        /**
         * Chooses how far a direction is followed.
         *
         * @param value the line search
         * @return this
         */
        public Builder lineSearch(LineSearch value) {
            lineSearch = Require.given(value, "LBFGS: the line search");
            return this;
        }

        private Map<String, Double> options() {
            Map<String, Double> options = new LinkedHashMap<>();
            options.put(ParamGroup.LR, lr);
            options.put(MAX_ITER, (double) maxIter);
            options.put(MAX_EVAL, maxEval == 0 ? (double) (maxIter * 5L / 4) : maxEval);
            options.put(TOLERANCE_GRAD, toleranceGrad);
            options.put(TOLERANCE_CHANGE, toleranceChange);
            options.put(HISTORY_SIZE, (double) historySize);
            return options;
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws ConfigurationException if there is no parameter, or one twice
         */
        public LBFGS build() {
            return new LBFGS(this);
        }
    }
}
