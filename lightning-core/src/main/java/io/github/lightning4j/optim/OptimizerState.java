package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.KeyName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an optimizer's state is laid out in a checkpoint: its name, then per group the options and, in the order of the
 * parameters, their names and step counts; the tensors as {@code exp_avg/<group>/<parameter>}. What belongs to a parameter
 * is found by its name.
 */
final class OptimizerState {
    private static final Logger LOGGER = LoggerFactory.getLogger(OptimizerState.class);

    private final String optimizer;
    private final List<ParamGroup> groups;
    private final List<ParamState> states;

    OptimizerState(String optimizer, List<ParamGroup> groups, List<ParamState> states) {
        this.optimizer = optimizer;
        this.groups = groups;
        this.states = states;
    }

    void save(StateWriter state) {
        state.putString("optimizer", optimizer);
        StateWriter children = state.child("groups");
        for (ParamGroup group : groups) {
            StateWriter child = children.child(KeyName.of(group.name()));
            group.options().forEach(child.child("options")::putDouble);
            group.configured().forEach(child.child("configured")::putDouble);
            if (group.hasInitialLr()) {
                child.putDouble("initial_lr", group.initialLr());
            }
            child.putStrings("parameters", group.parameterNames());
            child.putLongs(
                    "steps", members(group).stream().mapToLong(s -> s.step).toArray());
            child.putDoubles(
                    "products",
                    members(group).stream().mapToDouble(s -> s.initialShare).toArray());
        }
        List<String> paths = new ArrayList<>();
        for (ParamGroup group : groups) {
            byName(group)
                    .forEach((name, parameter) -> parameter.tensors.forEach((key, tensor) -> {
                        String path = key + '/' + KeyName.of(group.name()) + '/' + name;
                        paths.add(path);
                        state.putTensor(path, tensor);
                    }));
        }
        state.putStrings("tensors", paths);
    }

    /**
     * Restores the state in place. Options that were built differently from the saved run's keep their new value; a new
     * learning rate is scaled by how far the saved one had moved from its start.
     *
     * @param state what was saved
     * @param tensor gives a parameter's tensor of some name, making it if need be
     */
    void load(StateReader state, BiFunction<ParamState, String, NDArray> tensor) {
        String saved = state.getString("optimizer");
        if (!saved.equals(optimizer)) {
            throw new CheckpointException(
                    "The checkpoint holds the state of the optimizer " + saved + ", but the module" + " configured "
                            + optimizer + ". Configure the same optimizer, or load the weights alone.");
        }
        StateReader children = state.child("groups");
        refuseDifference(
                "parameter groups",
                children.keys().stream().map(KeyName::original).toList(),
                groups.stream().map(ParamGroup::name).toList());
        Map<String, ParamState> owners = new HashMap<>();
        for (ParamGroup group : groups) {
            String key = KeyName.of(group.name());
            loadGroup(group, children.child(key))
                    .forEach((name, parameter) -> owners.put('/' + key + '/' + name, parameter));
        }
        loadTensors(state, owners, tensor);
    }

    /** Restores what a group says of its parameters; returns them by the names they were saved by. */
    private Map<String, ParamState> loadGroup(ParamGroup group, StateReader state) {
        String in = " of group '" + group.name() + "'";
        List<String> saved = state.getStrings("parameters");
        List<String> present = group.present(saved);
        refuseDifference("parameters" + in, present, group.parameterNames());
        StateReader options = state.child("options");
        refuseDifference("options" + in, options.keys(), group.options().keySet());
        if (state.has("initial_lr")) {
            group.setInitialLr(state.getDouble("initial_lr"));
        }
        StateReader before = state.child("configured");
        for (String option : Set.copyOf(group.options().keySet())) {
            loadOption(group, option, options.getDouble(option), before.getDouble(option));
        }
        long[] steps = state.getLongs("steps");
        double[] shares = state.getDoubles("products");
        Map<String, ParamState> members = byName(group);
        Map<String, ParamState> bySavedName = new HashMap<>();
        for (int i = 0; i < saved.size(); i++) {
            ParamState member = Objects.requireNonNull(members.get(present.get(i)));
            member.step = steps[i];
            member.initialShare = shares[i];
            bySavedName.put(saved.get(i), member);
        }
        return bySavedName;
    }

    private void loadOption(ParamGroup group, String option, double saved, double before) {
        double now = Objects.requireNonNull(group.configured().get(option));
        if (now == before) {
            group.set(option, saved);
            return;
        }
        LOGGER.info(
                "{} of {} was {} in the checkpoint's run and is {} now; the new value is used.",
                option,
                optimizer,
                before,
                now);
        if (option.equals(ParamGroup.LR) && before != 0) {
            group.setLr(saved * (now / before));
            if (group.hasInitialLr()) {
                group.setInitialLr(group.initialLr() * (now / before));
            }
        }
    }

    private void loadTensors(
            StateReader state, Map<String, ParamState> owners, BiFunction<ParamState, String, NDArray> tensor) {
        Set<NDArray> restored = new LinkedHashSet<>();
        for (String path : state.getStrings("tensors")) {
            int slash = path.indexOf('/');
            ParamState owner = slash < 0 ? null : owners.get(path.substring(slash));
            if (owner == null) {
                throw new CheckpointException(
                        "The checkpoint's tensor '" + path + "' belongs to no parameter of " + optimizer + ".");
            }
            NDArray target = tensor.apply(owner, path.substring(0, slash));
            state.readTensor(path, target);
            restored.add(target);
        }
        states.forEach(owner -> owner.keepOnly(restored));
    }

    private Map<String, ParamState> byName(ParamGroup group) {
        List<String> names = group.parameterNames();
        List<ParamState> members = members(group);
        Map<String, ParamState> byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), members.get(i));
        }
        return byName;
    }

    private List<ParamState> members(ParamGroup group) {
        return states.stream().filter(state -> state.group == group).toList();
    }

    private void refuseDifference(String what, Collection<String> saved, Collection<String> present) {
        Set<String> missing = new LinkedHashSet<>(present);
        missing.removeAll(saved);
        Set<String> surplus = new LinkedHashSet<>(saved);
        surplus.removeAll(present);
        if (!missing.isEmpty() || !surplus.isEmpty()) {
            throw new CheckpointException("The checkpoint does not fit " + optimizer + ": of its " + what
                    + ", the checkpoint lacks " + missing + " and has " + surplus + " besides.");
        }
    }
}
