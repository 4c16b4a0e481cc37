package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.internal.torch.TensorBackend;
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
        return TorchRun.settings()
                .flatMap(setting -> Stream.of(TensorBackend.values())
                        .flatMap(backend -> Stream.of(DataType.FLOAT64, DataType.FLOAT32)
                                .map(type -> Arguments.of(setting, backend, type))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void trajectory_isTorchs(String setting, TensorBackend backend, DataType type) {
        TensorBackend.use(backend);
        double tolerance = type == DataType.FLOAT32 ? 2e-6 : setting.endsWith(":nadam") ? MU_IN_FLOAT32 : 1e-12;
        try (TorchRun run = TorchRun.of(setting, type)) {
            for (int step = 0; step < TorchRun.STEPS; step++) {
                run.trainTo(step + 1);
                for (int p = 0; p < run.weights().size(); p++) {
                    double[] expected = run.expected(step, p);
                    double largest =
                            Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    assertThat(run.parameters().values(p))
                            .as("parameter %d after step %d", p, step)
                            .containsExactly(expected, within(tolerance * largest));
                }
            }
        }
    }
}
