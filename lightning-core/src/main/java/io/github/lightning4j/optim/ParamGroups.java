package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Require;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes parameter groups and refuses those that cannot be. */
final class ParamGroups {
    private static final Set<Parameter.Type> UNDECAYED =
            Set.of(Parameter.Type.BIAS, Parameter.Type.GAMMA, Parameter.Type.BETA);

    private ParamGroups() {}

    static ParamGroup of(
            String optimizer,
            String name,
            PairList<String, Parameter> parameters,
            Map<String, Double> options,
            List<ParamGroup> others) {
        Require.name(name, optimizer + ": the name of a group");
        if (Require.given(parameters, optimizer + ": the parameters of group '" + name + "'")
                .isEmpty()) {
            throw new ConfigurationException(
                    optimizer + ": group '" + name + "' has no parameters" + EmptyGroup.reason());
        }
        Map<Parameter, String> taken = new IdentityHashMap<>();
        for (ParamGroup other : others) {
            if (other.name().equals(name)) {
                throw new ConfigurationException(
                        optimizer + ": there are two groups '" + name + "'. Give each group a name of its own.");
            }
            other.parameters().forEach(parameter -> taken.put(parameter, other.name()));
        }
        Set<String> names = new HashSet<>();
        for (Pair<String, Parameter> pair : parameters) {
            Require.name(pair.getKey(), optimizer + ": the name of a parameter");
            String owner = taken.put(pair.getValue(), name);
            if (owner != null) {
                throw new ConfigurationException(optimizer + ": parameter '" + pair.getKey() + "' of group '" + name
                        + "' is already in group '" + owner + "'. Put every parameter into one group, once.");
            }
            if (!names.add(pair.getKey())) {
                throw new ConfigurationException(optimizer + ": group '" + name + "' has two parameters named '"
                        + pair.getKey() + "'. Their state could not be told apart in a checkpoint; rename one.");
            }
        }
        return new ParamGroup(name, parameters, options);
    }

    static ParamGroup copy(ParamGroup group) {
        return new ParamGroup(group.name(), pairs(group), group.options());
    }

    static PairList<String, Parameter> pairs(ParamGroup group) {
        return new PairList<>(group.parameterNames(), group.parameters());
    }

    /** An optimizer's default options, among them those that all optimizers have. */
    static Map<String, Double> defaults(Map<Option, Double> special) {
        Map<Option, Double> values = new EnumMap<>(Map.of(Option.WEIGHT_DECAY, 0.0, Option.MAXIMIZE, 0.0));
        values.putAll(special);
        Map<String, Double> result = new LinkedHashMap<>();
        values.forEach((option, value) -> result.put(option.key(), value));
        return result;
    }

    /** The group without its biases and norms, and a group of those without weight decay; either only if not empty. */
    static List<ParamGroup> splitByDecay(ParamGroup group) {
        PairList<String, Parameter> decayed = new PairList<>();
        PairList<String, Parameter> undecayed = new PairList<>();
        for (Pair<String, Parameter> pair : pairs(group)) {
            (decays(pair.getValue()) ? decayed : undecayed).add(pair);
        }
        List<ParamGroup> result = new ArrayList<>();
        if (!decayed.isEmpty()) {
            result.add(new ParamGroup(group.name(), decayed, group.options()));
        }
        if (!undecayed.isEmpty()) {
            Map<String, Double> options = new LinkedHashMap<>(group.options());
            options.put(Option.WEIGHT_DECAY.key(), 0.0);
            result.add(new ParamGroup(group.name() + "_no_decay", undecayed, options));
        }
        return result;
    }

    private static boolean decays(Parameter parameter) {
        if (UNDECAYED.contains(parameter.getType())) {
            return false;
        }
        return parameter.getShape() == null || parameter.getShape().dimension() >= 2;
    }
}
