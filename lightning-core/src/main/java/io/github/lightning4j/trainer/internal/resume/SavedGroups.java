package io.github.lightning4j.trainer.internal.resume;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.ParameterNames;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.internal.name.KeyName;
import io.github.lightning4j.trainer.internal.loop.RunParts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The parameter groups that optimizers were given after they were configured, to be made again before their state is
 * loaded. Parameters go by the names they have from the module down; format 1 also held those the group was given.
 */
final class SavedGroups implements Stateful {
    private static final String NOT_IN_THE_MODULE = "";

    private final RunParts parts;

    SavedGroups(RunParts parts) {
        this.parts = parts;
    }

    @Override
    public void save(StateWriter state) {
        ParameterNames names = new ParameterNames(parts.module());
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            List<ParamGroup> added = parts.optimizers().addedGroups(i);
            for (int j = 0; j < added.size(); j++) {
                StateWriter own = state.child(Integer.toString(i)).child(Integer.toString(j));
                own.putString("optimizer", optimizers.get(i).name());
                save(added.get(j), names, own);
            }
        }
    }

    private static void save(ParamGroup group, ParameterNames names, StateWriter state) {
        state.putString("name", group.name());
        state.putStrings(
                "parameters",
                group.parameters().stream()
                        .map(parameter -> Objects.requireNonNullElse(names.of(parameter), NOT_IN_THE_MODULE))
                        .toList());
        StateWriter options = state.child("options");
        group.configured().forEach((option, value) -> options.putDouble(KeyName.of(option), value));
    }

    @Override
    public void load(StateReader state) {
        List<Optimizer> optimizers = parts.optimizers().optimizers();
        for (int i = 0; i < optimizers.size(); i++) {
            String key = Integer.toString(i);
            for (int j = 0; state.has(key) && state.child(key).has(Integer.toString(j)); j++) {
                load(optimizers.get(i), state.child(key).child(Integer.toString(j)));
            }
        }
    }

    private void load(Optimizer optimizer, StateReader state) {
        String name = state.getString("name");
        PairList<String, Parameter> parameters = parameters(name, state);
        Map<String, Double> options = new LinkedHashMap<>();
        StateReader saved = state.child("options");
        saved.keys().forEach(option -> options.put(KeyName.original(option), saved.getDouble(option)));
        boolean isSame = state.getString("optimizer").equals(optimizer.name());
        boolean isThere =
                optimizer.paramGroups().stream().anyMatch(group -> group.name().equals(name));
        if (isSame && !isThere) {
            optimizer.addParamGroup(name, parameters, options);
        }
    }

    private PairList<String, Parameter> parameters(String group, StateReader state) {
        ParameterNames all = new ParameterNames(parts.module());
        List<String> keys = state.getStrings("parameters");
        List<String> names = state.has("names") ? state.getStrings("names") : keys;
        PairList<String, Parameter> parameters = new PairList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            Parameter parameter = all.find(keys.get(i));
            if (parameter == null) {
                throw new CheckpointException(
                        "The parameter group '" + group + "' was added while the run went on, but its"
                                + " parameter '" + names.get(i)
                                + "' is not in the module, so it cannot be made again. Register the"
                                + " layer with addChildBlock, or add the group in configureOptimizers.");
            }
            parameters.add(names.get(i), parameter);
        }
        return parameters;
    }
}
