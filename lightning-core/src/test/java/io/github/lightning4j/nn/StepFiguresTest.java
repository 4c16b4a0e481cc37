package io.github.lightning4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.lightning4j.checkpoint.Checkpoint;
import io.github.lightning4j.checkpoint.WeightsFile;
import io.github.lightning4j.fixture.Reference;
import io.github.lightning4j.fixture.TensorFigure;
import io.github.lightning4j.fixture.Trainers;
import io.github.lightning4j.internal.torch.TorchRuntime;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that start with weights of torch's and see its batches: the loss of every step is torch's. */
class StepFiguresTest {
    private static final JsonObject FIGURES = Reference.load(StepFiguresTest.class, "torch-steps.json");

    static Stream<Arguments> runs() {
        return FIGURES.getAsJsonObject("cases").keySet().stream()
                .flatMap(name -> Stream.of(
                        Arguments.of(name, DataType.FLOAT32, 1e-4), Arguments.of(name, DataType.FLOAT64, 1e-9)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyLoss_isTorchs(String name, DataType type, double digits) throws Exception {
        JsonObject figure = FIGURES.getAsJsonObject("cases").getAsJsonObject(name);
        double[] expected = figure.getAsJsonObject("losses").getAsJsonArray(type.name()).asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
        TorchRuntime.load();
        try (StepNetworks.Network network = StepNetworks.of(name);
                NDManager manager = NDManager.newBaseManager()) {
            network.initialize(Device.cpu(), type);
            restore(network, name + "-" + type.name().toLowerCase(Locale.ROOT));
            JsonArray batches = figure.getAsJsonArray("batches");

            Trainers.quiet()
                    .precision(type)
                    .maxEpochs(expected.length / batches.size())
                    .build()
                    .fit(network, () -> batches(batches, manager, type).iterator());

            assertThat(network.losses).hasSize(expected.length);
            for (int step = 0; step < expected.length; step++) {
                assertThat(network.losses.get(step))
                        .as("loss of step %d", step)
                        .isCloseTo(expected[step], within(digits * expected[step]));
            }
        }
    }

    private static void restore(StepNetworks.Network network, String file) throws URISyntaxException {
        Path path = Path.of(
                Objects.requireNonNull(StepFiguresTest.class.getResource("steps-" + file + ".safetensors"), file)
                        .toURI());
        try (WeightsFile weights = Checkpoint.openWeights(path)) {
            weights.restoreInto(network);
        }
    }

    private static List<Batch> batches(JsonArray figures, NDManager manager, DataType type) {
        List<Batch> batches = new ArrayList<>();
        for (JsonElement each : figures) {
            NDManager own = manager.newSubManager();
            NDList arrays = new NDList();
            TensorFigure.listOf(each).forEach(tensor -> arrays.add(tensor.toArray(own, type)));
            NDList labels = new NDList(arrays.remove(arrays.size() - 1));
            int samples = (int) labels.head().getShape().get(0);
            batches.add(new Batch(own, arrays, labels, samples, null, null, 0, 0));
        }
        return batches;
    }
}
