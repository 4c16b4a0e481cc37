package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import com.google.gson.JsonObject;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.TensorBackend;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A loss, a step on its weights, then its backward: torch refuses, whatever the optimizer and however it computes. */
class StepBeforeBackwardTest {
    private static final List<String> OPTIMIZERS = List.of(
            "SGD", "Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "Lion", "DJL's Sgd");

    private final TensorBackend backend = TensorBackend.current();
    private final TrainedParameters weights = new TrainedParameters(StepBeforeBackwardTest::weights);

    @AfterEach
    void free() {
        weights.close();
        TensorBackend.use(backend);
    }

    static Stream<Arguments> optimizersOnBothPaths() {
        return OPTIMIZERS.stream()
                .flatMap(name -> Stream.of(TensorBackend.values()).map(path -> Arguments.of(name, path)));
    }

    @ParameterizedTest
    @MethodSource("optimizersOnBothPaths")
    void backwardOfALossFromBeforeTheStep_isRefused(String name, TensorBackend path) {
        TensorBackend.use(path);
        try (Optimizer optimizer = optimizer(name, weights.list());
                GradMode recording = GradMode.recording()) {
            for (int step = 0; step < 3; step++) {
                weights.list().values().forEach(each -> GradMode.backward(loss(each)));
                List<NDArray> early = weights.list().values().stream()
                        .map(StepBeforeBackwardTest::loss)
                        .toList();
                optimizer.step();
                for (NDArray loss : early) {
                    assertThatThrownBy(() -> GradMode.backward(loss))
                            .as("step %d", step)
                            .isInstanceOf(EngineException.class)
                            .hasMessageContaining("modified by an inplace operation");
                }
                optimizer.zeroGrad();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("optimizersOnBothPaths")
    void backwardOfALossFromAfterTheStep_works(String name, TensorBackend path) {
        TensorBackend.use(path);
        try (Optimizer optimizer = optimizer(name, weights.list());
                GradMode recording = GradMode.recording()) {
            Parameter first = weights.list().get(0).getValue();
            GradMode.backward(loss(first));
            optimizer.step();
            optimizer.zeroGrad();
            GradMode.backward(loss(first));
            float[] expected = first.getArray().toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                expected[i] *= 2;
            }
            assertThat(first.getArray().getGradient().toFloatArray()).containsExactly(expected);
        }
    }

    private static List<NDArray> weights(NDManager manager) {
        return List.of(
                manager.create(new float[] {1, -2, 3, 4, 5, -6}, new Shape(2, 3)),
                manager.create(new float[] {7, 8}),
                manager.create(9f),
                manager.create(new double[] {1, 2}).toType(DataType.FLOAT64, false));
    }

    private static NDArray loss(Parameter parameter) {
        return parameter.getArray().square().sum();
    }

    private static Optimizer optimizer(String name, PairList<String, Parameter> parameters) {
        return name.startsWith("DJL")
                ? DjlOptimizer.of(
                        ai.djl.training.optimizer.Optimizer.sgd()
                                .setLearningRateTracker(Tracker.fixed(0.1f))
                                .build(),
                        parameters)
                : TorchOptimizers.build(name, new JsonObject(), parameters);
    }
}
