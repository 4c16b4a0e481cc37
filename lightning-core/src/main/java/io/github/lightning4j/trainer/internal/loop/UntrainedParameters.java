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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trainable parameters that no optimizer has, each of which is warned about once. */
final class UntrainedParameters {
    private static final Logger LOG = LoggerFactory.getLogger(UntrainedParameters.class);

    private static final int MOST_NAMED = 10;

    private final LightningModule module;
    private final OptimizerSet optimizers;
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
                    "No optimizer has the trainable parameters {}{}, so they stay as they are. Give them to one in"
                            + " configureOptimizers or with addParamGroup, or freeze them.",
                    names.subList(0, Math.min(MOST_NAMED, names.size())),
                    names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
        }
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
