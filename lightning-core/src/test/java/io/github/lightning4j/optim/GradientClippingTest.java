package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import io.github.lightning4j.internal.torch.TensorBackend;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clipping against what torch's clip_grad_norm_ and clip_grad_value_ computed. */
class GradientClippingTest {
    private final TensorBackend previous = TensorBackend.current();
    private final TorchReference reference = TorchReference.load("torch-optim.json");

    @AfterEach
    void restoreBackend() {
        TensorBackend.use(previous);
    }

    static Stream<Arguments> clippings() {
        return TorchReference.load("torch-optim.json").section("clipping").keySet().stream()
                .flatMap(name -> Stream.of(TensorBackend.values())
                        .flatMap(backend -> Stream.of(DataType.FLOAT64, DataType.FLOAT32)
                                .map(type -> Arguments.of(name, backend, type))));
    }

    @ParameterizedTest
    @MethodSource("clippings")
    void clippedGradients_areTorchs(String name, TensorBackend backend, DataType type) {
        TensorBackend.use(backend);
        JsonObject clipping = reference.section("clipping").getAsJsonObject(name);
        double tolerance = type == DataType.FLOAT64 ? 1e-12 : 2e-6;
        try (TrainedParameters parameters = TrainedParameters.of(reference, type)) {
            parameters.gradients(reference.gradients(parameters.manager(), type, 0));
            if (name.equals("value")) {
                parameters.gradients().clipByValue(clipping.get("clip_value").getAsDouble());
            } else {
                String order = name.substring("norm_".length());
                double p = order.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(order);
                double norm = parameters
                        .gradients()
                        .clipByNorm(clipping.get("max_norm").getAsDouble(), p);
                double expected = clipping.get("total_norm").getAsDouble();
                assertThat(norm).isCloseTo(expected, within(tolerance * expected));
            }
            for (int i = 0; i < 2; i++) {
                double[] expected =
                        TorchReference.doubles(clipping.getAsJsonArray("grads").get(i));
                assertThat(TrainedParameters.numbers(
                                parameters.gradients().defined().get("p" + i)))
                        .containsExactly(expected, within(tolerance));
            }
        }
    }
}
