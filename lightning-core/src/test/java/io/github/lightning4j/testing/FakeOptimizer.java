package io.github.lightning4j.testing;

import ai.djl.util.PairList;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;
import java.util.Map;

/** An optimizer that has options and does nothing. */
public record FakeOptimizer(String name, List<ParamGroup> paramGroups) implements Optimizer {
    public static FakeOptimizer of(String name, ParamGroup... groups) {
        return new FakeOptimizer(name, List.of(groups));
    }

    public static ParamGroup group(String name, Map<String, Double> options) {
        return new ParamGroup(name, new PairList<>(), options);
    }

    @Override
    public void zeroGrad() {}

    @Override
    public void step() {}

    @Override
    public void close() {}

    @Override
    public void save(StateWriter state) {}

    @Override
    public void load(StateReader state) {}
}
