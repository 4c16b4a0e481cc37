package io.github.lightning4j.optim;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.GradientSet;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The common ground of the optimizers that compute what {@code torch.optim} computes.
 *
 * <p>Frozen parameters and those that backward never reached are skipped, and each parameter counts its own steps. A
 * parameter that was reached before but not since the gradients were last zeroed counts as having a zero gradient:
 * unlike torch, libtorch through DJL cannot take a gradient away again.
 */
public abstract class TorchOptimizer implements Optimizer {
    private static final long UNSEEN = -1;

    private final String name;
    private final List<ParamGroup> groups = new ArrayList<>();
    private final List<ParamState> states = new ArrayList<>();
    private final GradientSet gradients = new GradientSet(new PairList<>());
    private final Gradients view = Gradients.over(gradients);
    private final Map<Device, NDManager> managers = new HashMap<>();
    private final Map<String, Double> defaults;
    private final int built;
    private RestoredGroups restored = new RestoredGroups(List.of());
    private List<ParamBucket> buckets = List.of();
    private long seen = UNSEEN;

    TorchOptimizer(OptimizerBuilder<?> builder) {
        name = builder.optimizer();
        for (ParamGroup group : builder.groups()) {
            add(group);
        }
        defaults = new LinkedHashMap<>(groups.get(0).options());
        built = groups.size();
    }

    /** The names of the tensors that parameters of this group need; the same list object for the same answer. */
    abstract List<String> tensorNames(ParamGroup group);

    /** Updates the parameters of a bucket, whose {@link ParamBucket#step} is already that of this update. */
    abstract void update(ParamBucket bucket);

    /** What the elements of a new state tensor are. */
    double initialValue(ParamGroup group) {
        return 0;
    }

    /** Refuses options of a group that do not go together. */
    void checkCombination(ParamGroup group) {}

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final List<ParamGroup> paramGroups() {
        return Collections.unmodifiableList(groups);
    }

    @Override
    public final ParamGroup addParamGroup(
            String name, PairList<String, Parameter> parameters, Map<String, Double> options) {
        ParamGroup known = restored.take(name, parameters, options);
        if (known != null) {
            return known;
        }
        ParamGroup draft = ParamGroups.of(this.name, name, parameters, defaults, groups);
        options.forEach((key, value) -> draft.set(key, checked(draft, key, value)));
        ParamGroup group = ParamGroups.copy(draft);
        add(group);
        return group;
    }

    /** Asks the group first, whose refusal of an unknown option names those it has. */
    private double checked(ParamGroup group, String option, double value) {
        group.get(option);
        return Option.of(option).check(name, value);
    }

    private void add(ParamGroup group) {
        checkCombination(group);
        groups.add(group);
        PairList<String, Parameter> pairs = ParamGroups.pairs(group);
        pairs.forEach(pair -> states.add(new ParamState(pair.getValue(), group)));
        gradients.add(pairs);
        seen = UNSEEN;
    }

    @Override
    public final Gradients gradients() {
        return view;
    }

    @Override
    public final void step() {
        try (GradMode off = GradMode.off()) {
            long version = gradients.refresh();
            if (version != seen || needsOtherTensors()) {
                rebuild();
                seen = version;
            }
            for (int i = 0; i < buckets.size(); i++) {
                ParamBucket bucket = buckets.get(i);
                bucket.advance();
                try {
                    update(bucket);
                } finally {
                    bucket.release();
                }
            }
        }
    }

    private boolean needsOtherTensors() {
        for (int i = 0; i < buckets.size(); i++) {
            ParamBucket bucket = buckets.get(i);
            if (!bucket.holds(tensorNames(bucket.group()))) {
                return true;
            }
        }
        return false;
    }

    private void rebuild() {
        closeBuckets();
        Map<BucketKey, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < states.size(); i++) {
            NDArray gradient = gradients.gradient(i);
            if (gradient != null && gradient.size() > 0) {
                members.computeIfAbsent(BucketKey.of(states.get(i)), key -> new ArrayList<>())
                        .add(i);
            }
        }
        buckets = members.values().stream().map(this::bucket).toList();
    }

    private ParamBucket bucket(List<Integer> indices) {
        List<ParamState> members = indices.stream().map(states::get).toList();
        List<String> names = tensorNames(members.get(0).group);
        for (ParamState state : members) {
            names.forEach(tensor -> tensor(state, tensor));
        }
        List<NDArray> live = new ArrayList<>();
        indices.forEach(i -> live.add(gradients.gradient(i)));
        NDArray step = Tensors.zeros(manager(live.get(0)), new Shape(), DataType.FLOAT32);
        return new ParamBucket(members, live, names, step);
    }

    /** A tensor of a parameter's state, made outside of memory scopes when it is first needed. */
    final NDArray tensor(ParamState state, String tensor) {
        return state.tensors.computeIfAbsent(tensor, key -> {
            NDArray like = state.parameter.getArray();
            NDArray made = MemoryScope.outside(like::zerosLike);
            made.attach(manager(like));
            double initial = initialValue(state.group);
            return initial == 0 ? made : made.addi(initial);
        });
    }

    private NDManager manager(NDArray like) {
        return managers.computeIfAbsent(
                like.getDevice(), device -> like.getManager().getEngine().newBaseManager(device));
    }

    @Override
    public final void save(StateWriter state) {
        new OptimizerState(name, groups, states).save(state);
    }

    @Override
    public final void load(StateReader state) {
        closeBuckets();
        new OptimizerState(name, groups, states).load(state, this::tensor);
        restored = new RestoredGroups(groups.subList(built, groups.size()));
    }

    private void closeBuckets() {
        buckets.forEach(ParamBucket::close);
        buckets = List.of();
        seen = UNSEEN;
    }

    @Override
    public final void close() {
        closeBuckets();
        gradients.close();
        states.forEach(ParamState::forget);
        managers.values().forEach(NDManager::close);
        managers.clear();
    }

    private record BucketKey(ParamGroup group, DataType dataType, Device device, long step, double initialShare) {
        static BucketKey of(ParamState state) {
            NDArray array = state.parameter.getArray();
            return new BucketKey(state.group, array.getDataType(), array.getDevice(), state.step, state.initialShare);
        }
    }
}
