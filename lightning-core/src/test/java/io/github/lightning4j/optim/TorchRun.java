package io.github.lightning4j.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.translate.StackBatchifier;
import ai.djl.util.PairList;
import com.google.gson.JsonObject;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.StateTreeWriter;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A run of one of the reference's optimizer settings, which can be saved and gone on with elsewhere. */
final class TorchRun implements Stateful, AutoCloseable {
    static final int STEPS = 12;

    private final TorchReference reference;
    private final DataType type;
    private final JsonObject run;
    private final int halved;
    private final TrainedParameters parameters;
    private final Optimizer optimizer;
    private int step;

    TorchRun(String file, String setting, DataType type) {
        reference = TorchReference.load(file);
        this.type = type;
        run = reference.section("optimizers").getAsJsonObject(setting);
        halved = run.get("lr_halved_before_step").getAsInt();
        parameters = TrainedParameters.of(reference, type);
        optimizer = newOptimizer(parameters.list());
    }

    Optimizer newOptimizer(PairList<String, Parameter> of) {
        return TorchOptimizers.build(run.get("class").getAsString(), run.getAsJsonObject("args"), of);
    }

    /** The step before which the learning rate is halved. */
    int halved() {
        return halved;
    }

    /** For each parameter its gradients of all steps. */
    NDList allGradients(NDManager manager) {
        List<NDList> steps = IntStream.range(0, STEPS)
                .mapToObj(i -> new NDList(reference.gradients(manager, type, i)))
                .toList();
        return new StackBatchifier().batchify(steps.toArray(NDList[]::new));
    }

    /** The names of all settings, as {@code file:setting}. */
    static Stream<String> settings() {
        return Stream.of("torch-optim.json", "more-torch-optim.json")
                .flatMap(file -> TorchReference.load(file).section("optimizers").keySet().stream()
                        .map(setting -> file + ":" + setting));
    }

    static TorchRun of(String setting, DataType type) {
        return new TorchRun(setting.split(":")[0], setting.split(":")[1], type);
    }

    Optimizer optimizer() {
        return optimizer;
    }

    TrainedParameters parameters() {
        return parameters;
    }

    /** What torch computed for a parameter. */
    double[] expected(int afterStep, int parameter) {
        return TorchReference.doubles(
                run.getAsJsonArray("trajectory").get(afterStep).getAsJsonArray().get(parameter));
    }

    /** Steps inside a memory scope, as a training loop does. */
    void trainTo(int end) {
        for (; step < end; step++) {
            if (step == halved) {
                optimizer.paramGroups().forEach(group -> group.setLr(group.lr() / 2));
            }
            try (MemoryScope scope = MemoryScope.open()) {
                scope.suppressNotUsedWarning();
                optimizer.zeroGrad();
                parameters.gradients(reference.gradients(parameters.manager(), type, step));
                optimizer.step();
            }
        }
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("step", step);
        optimizer.save(state.child("optimizer"));
        parameters
                .list()
                .forEach(pair -> state.putTensor(pair.getKey(), pair.getValue().getArray()));
    }

    @Override
    public void load(StateReader state) {
        step = (int) state.getLong("step");
        optimizer.load(state.child("optimizer"));
        parameters.load(state);
    }

    void saveTo(Path file) {
        StateTreeWriter state = new StateTreeWriter();
        save(state);
        CheckpointWriter.direct().write(file, state);
    }

    void loadFrom(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            load(checkpoint.state());
        }
    }

    /** All weights, one after the other. */
    Map<String, double[]> weights() {
        Map<String, double[]> result = new TreeMap<>();
        for (int i = 0; i < parameters.list().size(); i++) {
            result.put("p" + i, parameters.values(i));
        }
        return result;
    }

    @Override
    public void close() {
        optimizer.close();
        parameters.close();
    }
}
