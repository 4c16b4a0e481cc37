package io.github.lightning4j.trainer.internal.loop;

import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.trainer.internal.step.OptimizerSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trainable parameters that no optimizer has or no gradient reaches, which are warned about once. */
final class UntrainedParameters {
    private static final Logger LOG = LoggerFactory.getLogger(UntrainedParameters.class);

    private static final int MOST_NAMED = 10;
    private static final String NO_LOSS = "trainingStep returned null for every batch. Return the loss.";
    private static final String NO_BACKWARD =
            "no batch gave a parameter a gradient. A module that optimizes by itself calls"
                    + " manualBackward(loss), then step() of its optimizers().";
    private static final String NEVER_STEPPED =
            "no optimizer stepped. A module that optimizes by itself calls step() of its optimizers().";

    private final LightningModule module;
    private final OptimizerSet optimizers;
    private final Set<ParamGroup> looked = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Parameter> known = Collections.newSetFromMap(new IdentityHashMap<>());

    UntrainedParameters(LightningModule module, OptimizerSet optimizers) {
        this.module = module;
        this.optimizers = optimizers;
    }

    /** Warns of those that are new, and names the parameters of groups that were added. */
    void report() {
        new ParameterNames(module).giveTo(optimizers.optimizers());
        Set<Parameter> trained = trained();
        List<String> names = new ArrayList<>();
        for (Pair<String, Parameter> pair : module.parameters()) {
            if (!trained.contains(pair.getValue()) && known.add(pair.getValue())) {
                names.add(pair.getKey());
            }
        }
        if (!names.isEmpty()) {
            LOG.warn(
                    "No optimizer has the trainable parameters {}, so they stay as they are. Give them to one in"
                            + " configureOptimizers or with addParamGroup, or freeze them.",
                    listed(names));
        }
    }

    /** Warns of groups that were added and not unfrozen by the end of their first epoch. */
    void reportFrozenGroups() {
        for (int i = 0; i < optimizers.optimizers().size(); i++) {
            for (ParamGroup group : optimizers.addedGroups(i)) {
                boolean frozen = group.parameters().stream().noneMatch(Parameter::requiresGradient);
                if (looked.add(group) && frozen) {
                    LOG.warn(
                            "The parameters {} of the group '{}' that was added to {} are frozen, so they are not trained."
                                    + " unfreeze(layer) as well.",
                            listed(group.parameterNames()),
                            group.name(),
                            optimizers.optimizers().get(i).name());
                }
            }
        }
    }

    /**
     * Names the parameters that no batch of the first epoch has reached, which training leaves as they are, and says if
     * that is all of them.
     *
     * @param steps the optimizer steps of the epoch
     */
    void reportUnreached(long steps) {
        List<String> unreached = new ArrayList<>();
        boolean isAnyReached = false;
        for (Optimizer optimizer : optimizers.optimizers()) {
            Set<String> reached = new HashSet<>(optimizer.gradients().defined().keys());
            isAnyReached |= !reached.isEmpty();
            unreached.addAll(unreached(optimizer, reached));
        }
        if (!isAnyReached || steps == 0) {
            LOG.warn("The first epoch trained nothing: {}", isAnyReached ? NEVER_STEPPED : noGradient());
        } else if (!unreached.isEmpty()) {
            LOG.warn(
                    "No batch of the first epoch gave the parameters {} a gradient, so they stay as they are. Is their layer"
                            + " called, and does the loss depend on it? duplicate(), toType() and stopGradient() in the middle"
                            + " of a network cut the gradients of what lies before them. Freeze what is not to be trained.",
                    listed(unreached));
        }
    }

    private String noGradient() {
        return module.automaticOptimization() ? NO_LOSS : NO_BACKWARD;
    }

    private static List<String> unreached(Optimizer optimizer, Set<String> reached) {
        List<String> names = optimizer.gradients().names();
        List<Parameter> parameters = optimizer.paramGroups().stream()
                .flatMap(group -> group.parameters().stream())
                .toList();
        return IntStream.range(0, Math.min(names.size(), parameters.size()))
                .filter(i -> parameters.get(i).requiresGradient() && !reached.contains(names.get(i)))
                .mapToObj(names::get)
                .toList();
    }

    private static String listed(List<String> names) {
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return names.subList(0, Math.min(MOST_NAMED, names.size())) + more;
    }

    private Set<Parameter> trained() {
        Set<Parameter> trained = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Optimizer optimizer : optimizers.optimizers()) {
            for (ParamGroup group : optimizer.paramGroups()) {
                trained.addAll(group.parameters());
            }
        }
        return trained;
    }
}
