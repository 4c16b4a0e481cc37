package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.Stateful;
import io.github.lightning4j.internal.torch.TensorBackend;
import io.github.lightning4j.testing.States;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerStateTest {
    private final TensorBackend previous = TensorBackend.current();

    @AfterEach
    void restoreBackend() {
        TensorBackend.use(previous);
    }

    static Stream<Arguments> settings() {
        return TorchRun.settings()
                .flatMap(setting -> Stream.of(TensorBackend.values()).map(backend -> Arguments.of(setting, backend)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void savedAtStep5AndRestored_endsBitForBit(String setting, TensorBackend backend) {
        TensorBackend.use(backend);
        try (TorchRun whole = TorchRun.of(setting, DataType.FLOAT32);
                TorchRun resumed = TorchRun.of(setting, DataType.FLOAT32)) {
            whole.trainTo(5);
            States.copy(whole, resumed);
            whole.trainTo(TorchRun.STEPS);
            resumed.trainTo(TorchRun.STEPS);

            assertSameBits(resumed, whole);
        }
    }

    @Test
    void load_overwritesAnOptimizerThatHasAlreadyTrained() {
        try (TorchRun whole = TorchRun.of("torch-optim.json:adam_amsgrad", DataType.FLOAT64);
                TorchRun other = TorchRun.of("torch-optim.json:adam_amsgrad", DataType.FLOAT64)) {
            whole.trainTo(5);
            other.trainTo(9);
            States.copy(whole, other);
            whole.trainTo(TorchRun.STEPS);
            other.trainTo(TorchRun.STEPS);

            assertSameBits(other, whole);
        }
    }

    @Test
    void load_ofTheStateBeforeTheFirstStep_forgetsAll() {
        try (TorchRun whole = TorchRun.of("torch-optim.json:sgd_nesterov_wd", DataType.FLOAT64);
                TorchRun other = TorchRun.of("torch-optim.json:sgd_nesterov_wd", DataType.FLOAT64)) {
            other.trainTo(9);
            States.copy(whole, other);
            whole.trainTo(TorchRun.STEPS);
            other.trainTo(TorchRun.STEPS);

            assertSameBits(other, whole);
        }
    }

    @Test
    void anotherOptimizer_isRefusedNamingBoth() {
        try (TorchRun adam = TorchRun.of("torch-optim.json:adam", DataType.FLOAT64);
                TorchRun adamW = TorchRun.of("torch-optim.json:adamw", DataType.FLOAT64)) {
            assertThatThrownBy(() -> States.copy(adam, adamW))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("Adam,")
                    .hasMessageContaining("AdamW");
        }
    }

    @Test
    void aMissingTensor_isRefusedByName() {
        try (TorchRun run = TorchRun.of("torch-optim.json:adam", DataType.FLOAT64)) {
            run.trainTo(2);
            Optimizer adam = run.optimizer();

            assertThatThrownBy(() -> States.copy(new Without("exp_avg_sq/pg1/p1", adam), adam))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("exp_avg_sq/pg1/p1");
        }
    }

    @Test
    void aTensorOfAnotherShape_isRefusedByName() {
        try (TorchRun run = TorchRun.of("torch-optim.json:adam", DataType.FLOAT64);
                TorchRun other = TorchRun.of("more-torch-optim.json:adam_defaults", DataType.FLOAT64);
                Optimizer saved = Adam.builder(run.parameters().only(0)).build();
                Optimizer loading = Adam.builder(other.parameters().only(0)).build()) {
            run.trainTo(1);
            saved.step();

            assertThatThrownBy(() -> States.copy(saved, loading))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("exp_avg");
        }
    }

    @Test
    void otherParameters_areRefusedByName() {
        try (TorchRun run = TorchRun.of("torch-optim.json:adam", DataType.FLOAT64);
                TorchRun other = TorchRun.of("more-torch-optim.json:adam_defaults", DataType.FLOAT64)) {
            assertThatThrownBy(() -> States.copy(run.optimizer(), other.optimizer()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("parameters of group 'pg1'")
                    .hasMessageContaining("p2");
        }
    }

    @Test
    void otherGroups_areRefusedByName() {
        try (TrainedParameters parameters =
                        TrainedParameters.of(TorchReference.load("torch-optim.json"), DataType.FLOAT64);
                Optimizer one = SGD.builder(parameters.list()).build();
                Optimizer two = SGD.builder(parameters.only(0))
                        .group("head", parameters.only(1))
                        .build()) {
            assertThatThrownBy(() -> States.copy(one, two))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("head");
        }
    }

    @Test
    void optionsThatTheUserChanged_winOverTheCheckpoints() {
        try (TrainedParameters parameters =
                        TrainedParameters.of(TorchReference.load("torch-optim.json"), DataType.FLOAT64);
                Optimizer before = Adam.builder(parameters.list()).lr(0.1).build();
                Optimizer after =
                        Adam.builder(parameters.list()).lr(0.2).weightDecay(0.5).build()) {
            ParamGroup decayed = before.paramGroups().get(0);
            decayed.setInitialLr(0.1);
            decayed.setLr(0.1 * 0.25);
            decayed.set("beta1", 0.7);

            States.copy(before, after);

            ParamGroup group = after.paramGroups().get(0);
            assertThat(group.get("weight_decay")).isEqualTo(0.5);
            assertThat(group.get("beta1")).isEqualTo(0.7);
            assertThat(group.lr()).isCloseTo(0.2 * 0.25, within(1e-15));
            assertThat(group.initialLr()).isCloseTo(0.2, within(1e-15));
        }
    }

    /** Saves everything but one tensor. */
    private record Without(String tensor, Stateful source) implements Stateful {
        @Override
        public void save(StateWriter state) {
            source.save((StateWriter) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {StateWriter.class},
                    (proxy, method, arguments) ->
                            tensor.equals(arguments[0]) ? null : method.invoke(state, arguments)));
        }

        @Override
        public void load(StateReader state) {
            source.load(state);
        }
    }

    private static void assertSameBits(TorchRun actual, TorchRun expected) {
        Map<String, double[]> weights = expected.weights();
        actual.weights().forEach((name, values) -> assertThat(values).as(name).containsExactly(weights.get(name)));
    }
}
