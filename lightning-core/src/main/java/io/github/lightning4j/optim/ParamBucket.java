package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.FusedKernels;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that are updated by the same numbers: of one group, dtype and device, and with the same number of updates
 * behind them. Optimizers see them as a few long vectors.
 */
final class ParamBucket implements AutoCloseable {
    private final List<ParamState> members;
    private final List<String> tensorNames;
    private final TensorList weights;
    private final TensorList gradients;
    private final Map<String, TensorList> tensors = new HashMap<>();
    private final TensorList none = TensorList.of(List.of());
    private final NDArray step;
    private final TensorList steps;
    private final boolean fusable;
    private @Nullable TensorList temporary;

    /**
     * Gathers the tensors.
     *
     * @param members the parameters
     * @param gradients their gradients
     * @param tensorNames which of their tensors the optimizer uses
     * @param step a zero-dimensional float32 tensor on their device, which becomes the bucket's own
     */
    ParamBucket(List<ParamState> members, List<NDArray> gradients, List<String> tensorNames, NDArray step) {
        this.members = members;
        this.tensorNames = tensorNames;
        this.gradients = TensorList.of(gradients);
        weights = TensorList.of(
                members.stream().map(state -> state.parameter.getArray()).toList());
        for (String name : tensorNames) {
            tensors.put(
                    name,
                    TensorList.of(members.stream()
                            .map(state -> state.tensors.get(name))
                            .toList()));
        }
        this.step = step;
        steps = TensorList.of(Collections.nCopies(members.size(), step));
        List<TensorList> all = new ArrayList<>(tensors.values());
        all.add(weights);
        all.add(this.gradients);
        fusable = FusedKernels.supports(gradients.get(0).getDevice(), all);
    }

    ParamGroup group() {
        return members.get(0).group;
    }

    /** Whether the bucket holds the tensors that are wanted; compared by reference. */
    boolean holds(List<String> names) {
        return tensorNames == names;
    }

    /** Whether {@link FusedKernels} can be used. */
    boolean fusable() {
        return fusable;
    }

    double option(Option option) {
        return group().get(option.key());
    }

    boolean is(Option option) {
        return group().get(option.key()) != 0;
    }

    TensorList weights() {
        return weights;
    }

    /** The gradients as they are; not to be changed. */
    TensorList gradients() {
        return gradients;
    }

    /** The tensors of one name; an empty list if the optimizer does not use it at present. */
    TensorList tensors(String name) {
        return tensors.getOrDefault(name, none);
    }

    /** For each parameter the same scalar tensor. */
    TensorList steps() {
        return steps;
    }

    /** The number of the running step, from 1. */
    long step() {
        return members.get(0).step;
    }

    /** The share of what the tensors began with: see {@link ParamState#initialShare}. */
    double initialShare() {
        return members.get(0).initialShare;
    }

    /** Counts one update. */
    void advance() {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).step++;
        }
    }

    /** Counts an update that keeps a part of what the tensors hold. */
    void keep(double part) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).initialShare *= part;
        }
    }

    /**
     * The gradient of what is minimised: negated if the objective is to be maximised, plus the derivative of the decay.
     * It is not to be changed, and freed by {@link #release}.
     *
     * @param decay the L2 weight decay
     * @return the gradients themselves where nothing is to be done
     */
    TensorList objective(double decay) {
        boolean maximize = is(Option.MAXIMIZE);
        if (decay == 0 && !maximize) {
            return gradients;
        }
        TensorList result = gradients.copy();
        temporary = result;
        if (maximize) {
            result.muli(-1);
        }
        return decay == 0 ? result : result.addi(weights, decay);
    }

    /**
     * Applies weight decay, decoupled or through the gradient as the group says.
     *
     * @return the gradient to use, as of {@link #objective}
     */
    TensorList decayed() {
        double decay = option(Option.WEIGHT_DECAY);
        if (!is(Option.DECOUPLED_WEIGHT_DECAY)) {
            return objective(decay);
        }
        weights.muli(1 - option(Option.LR) * decay);
        return objective(0);
    }

    /** Frees what one update needed. */
    void release() {
        if (temporary != null) {
            temporary.close();
            temporary = null;
        }
    }

    @Override
    public void close() {
        release();
        weights.close();
        gradients.close();
        none.close();
        steps.close();
        step.close();
        tensors.values().forEach(TensorList::close);
    }
}
