package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups that were added while a run went on and that its checkpoint brought back. A hook that adds its group at every
 * start, such as {@code onFitStart}, means the one that is there already.
 */
final class RestoredGroups {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredGroups.class);

    private final List<ParamGroup> groups;

    RestoredGroups(List<ParamGroup> groups) {
        this.groups = new ArrayList<>(groups);
    }

    /** The group of that name, which is given out once; null if there is none. */
    @Nullable
    ParamGroup take(String name, PairList<String, Parameter> parameters, Map<String, Double> options) {
        for (ParamGroup group : groups) {
            if (group.name().equals(name)) {
                requireSame(group, parameters);
                reportOptions(group, options);
                groups.remove(group);
                return group;
            }
        }
        return null;
    }

    private static void requireSame(ParamGroup group, PairList<String, Parameter> parameters) {
        if (!identities(group.parameters()).equals(identities(parameters.values()))) {
            throw new ConfigurationException(
                    "The parameter group '" + group.name() + "' came back with the checkpoint, with"
                            + " the parameters " + group.parameterNames() + ", and is added anew with others, "
                            + parameters.keys()
                            + ". Add it with the same ones, under another name, or once: if (run().epoch() == ...).");
        }
    }

    private static Set<Parameter> identities(List<Parameter> parameters) {
        Set<Parameter> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(parameters);
        return identities;
    }

    private static void reportOptions(ParamGroup group, Map<String, Double> options) {
        options.forEach((option, now) -> {
            Double before = group.configured().get(option);
            if (!now.equals(before)) {
                LOG.info(
                        "{} of the parameter group {} was {} when it was added and is {} now; the group came back with the"
                                + " checkpoint and goes on as it was saved. Change it with group.set(...).",
                        option,
                        group.name(),
                        before,
                        now);
            }
        });
    }
}
