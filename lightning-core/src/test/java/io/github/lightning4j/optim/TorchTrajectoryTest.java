package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.djl.TensorBackend;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer against the trajectories that torch computed, in both precisions and through both back ends. */
class TorchTrajectoryTest {
    /** torch keeps NAdam's product of momenta in its default dtype, which was float32 in the run of that one setting. */
    private static final double MU_IN_FLOAT32 = 1e-8;

    private final TensorBackend previous = TensorBackend.current();

    @AfterEach
    void restoreBackend() {
        TensorBackend.use(previous);
    }

    static Stream<Arguments> settings() {
        return Stream.of("torch-optim.json", "more-torch-optim.json")
                .flatMap(file -> TorchReference.load(file).section("optimizers").keySet().stream()
                        .flatMap(setting -> Stream.of(TensorBackend.values())
                                .flatMap(backend -> Stream.of(DataType.FLOAT64, DataType.FLOAT32)
                                        .map(type -> Arguments.of(file, setting, backend, type)))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void trajectory_isTorchs(String file, String setting, TensorBackend backend, DataType type) {
        TensorBackend.use(backend);
        TorchReference reference = TorchReference.load(file);
        JsonObject run = reference.section("optimizers").getAsJsonObject(setting);
        JsonArray trajectory = run.getAsJsonArray("trajectory");
        double tolerance = type == DataType.FLOAT32 ? 2e-6 : setting.equals("nadam") ? MU_IN_FLOAT32 : 1e-12;

        try (TrainedParameters parameters = TrainedParameters.of(reference, type);
                Optimizer optimizer = TorchOptimizers.build(
                        run.get("class").getAsString(), run.getAsJsonObject("args"), parameters.list())) {
            for (int step = 0; step < trajectory.size(); step++) {
                if (step == run.get("lr_halved_before_step").getAsInt()) {
                    optimizer.paramGroups().forEach(group -> group.setLr(group.lr() / 2));
                }
                optimizer.zeroGrad();
                parameters.gradients(reference.gradients(parameters.manager(), type, step));
                optimizer.step();
                for (int p = 0; p < parameters.list().size(); p++) {
                    double[] expected = TorchReference.doubles(
                            trajectory.get(step).getAsJsonArray().get(p));
                    double largest =
                            Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    assertThat(parameters.values(p))
                            .as("parameter %d after step %d", p, step)
                            .containsExactly(expected, within(tolerance * largest));
                }
            }
        }
    }
}
