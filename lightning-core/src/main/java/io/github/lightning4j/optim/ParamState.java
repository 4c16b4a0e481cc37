package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ParamGroup;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an optimizer remembers of one parameter. */
final class ParamState {
    final Parameter parameter;
    final ParamGroup group;

    /** The tensors by torch's names, such as {@code exp_avg}. */
    final Map<String, NDArray> tensors = new TreeMap<>();

    /** The updates this parameter has had. */
    long step;

    /**
     * The share that what the tensors began with still has in their averages, by the momenta so far: all of it before the
     * first update. What corrects such a bias divides by the rest.
     */
    double initialShare = 1;

    ParamState(Parameter parameter, ParamGroup group) {
        this.parameter = parameter;
        this.group = group;
    }

    /** Is as it was before the first step. */
    void forget() {
        keepOnly(Set.of());
        step = 0;
        initialShare = 1;
    }

    /** Frees the tensors that are not in the set. */
    void keepOnly(Set<NDArray> kept) {
        tensors.values().removeIf(tensor -> {
            boolean drop = !kept.contains(tensor);
            if (drop) {
                tensor.close();
            }
            return drop;
        });
    }
}
