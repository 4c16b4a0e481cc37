package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.testing.States;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DjlOptimizerTest {
    private final TorchReference reference = TorchReference.load("torch-optim.json");

    static Stream<Arguments> working() {
        return Stream.<Supplier<Optimizer>>of(
                        () -> Optimizer.sgd()
                                .setLearningRateTracker(Tracker.fixed(0.1f))
                                .build(),
                        () -> Optimizer.sgd()
                                .setLearningRateTracker(Tracker.factor()
                                        .setBaseValue(0.1f)
                                        .setFactor(0.9f)
                                        .build())
                                .optMomentum(0.9f)
                                .build(),
                        () -> Optimizer.adam().build(),
                        () -> Optimizer.adamW().build(),
                        SignDescent::new)
                .map(make -> Arguments.of(make.get().getClass().getSimpleName(), make));
    }

    @ParameterizedTest
    @MethodSource("working")
    void steps_areThoseOfDjl(String name, Supplier<Optimizer> make) {
        Optimizer plain = make.get();
        try (TrainedParameters ours = TrainedParameters.of(reference, DataType.FLOAT32);
                TrainedParameters theirs = TrainedParameters.of(reference, DataType.FLOAT32);
                DjlOptimizer optimizer = DjlOptimizer.of(make.get(), ours.list())) {
            assertThat(optimizer.name()).isEqualTo(name);
            for (int step = 0; step < 5; step++) {
                train(optimizer, ours, step);
                List<NDArray> gradients = reference.gradients(theirs.manager(), DataType.FLOAT32, step);
                for (int p = 0; p < gradients.size(); p++) {
                    plain.update("p" + p, theirs.list().valueAt(p).getArray(), gradients.get(p));
                }
            }
            assertThat(ours.values(0)).containsExactly(theirs.values(0));
            assertThat(ours.values(1)).containsExactly(theirs.values(1));
        }
    }

    @ParameterizedTest
    @MethodSource("working")
    void restored_continuesBitForBit(String name, Supplier<Optimizer> make) {
        try (TrainedParameters whole = TrainedParameters.of(reference, DataType.FLOAT32);
                DjlOptimizer first = DjlOptimizer.of(make.get(), whole.list());
                TrainedParameters resumed = TrainedParameters.of(reference, DataType.FLOAT32);
                DjlOptimizer second = DjlOptimizer.of(make.get(), resumed.list())) {
            for (int step = 0; step < 10; step++) {
                if (step == 5) {
                    resumed.copyFrom(whole);
                    States.copy(first, second);
                }
                train(first, whole, step);
                if (step >= 5) {
                    train(second, resumed, step);
                }
            }
            assertThat(resumed.values(0)).containsExactly(whole.values(0));
            assertThat(resumed.values(1)).containsExactly(whole.values(1));
        }
    }

    @Test
    void lr_isTheTrackersAndCannotBeScheduled() {
        try (TrainedParameters parameters = TrainedParameters.of(reference, DataType.FLOAT32);
                DjlOptimizer optimizer = DjlOptimizer.of(
                        Optimizer.sgd()
                                .setLearningRateTracker(Tracker.fixed(0.25f))
                                .build(),
                        parameters.list())) {
            assertThat(optimizer.paramGroups().get(0).lr()).isEqualTo(0.25);

            optimizer.paramGroups().get(0).setLr(0.5);

            assertThatThrownBy(optimizer::step)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Tracker");
        }
    }

    @Test
    void load_ofAnotherOptimizer_isRefused() {
        try (TrainedParameters parameters = TrainedParameters.of(reference, DataType.FLOAT32);
                DjlOptimizer adam = DjlOptimizer.of(Optimizer.adam().build(), parameters.list());
                DjlOptimizer adamW = DjlOptimizer.of(Optimizer.adamW().build(), parameters.list())) {
            assertThatThrownBy(() -> States.copy(adam, adamW))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("AdamW");
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(
                        Optimizer.nag()
                                .setLearningRateTracker(Tracker.fixed(0.1f))
                                .setMomentum(0.9f)
                                .build(),
                        "nesterov"),
                Arguments.of(Optimizer.rmsprop().build(), "optim.RMSprop"),
                Arguments.of(Optimizer.adagrad().build(), "optim.Adagrad"),
                Arguments.of(Optimizer.adadelta().build(), "optim.Adadelta"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void optimizersThatPyTorchLacks_areRefusedWithOurs(Optimizer optimizer, String ours) {
        try (TrainedParameters parameters = TrainedParameters.of(reference, DataType.FLOAT32)) {
            assertThatThrownBy(() -> DjlOptimizer.of(optimizer, parameters.list()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(ours);
        }
    }

    private void train(DjlOptimizer optimizer, TrainedParameters parameters, int step) {
        try (MemoryScope scope = MemoryScope.open()) {
            scope.suppressNotUsedWarning();
            optimizer.zeroGrad();
            parameters.gradients(reference.gradients(parameters.manager(), DataType.FLOAT32, step));
            optimizer.step();
        }
    }

    /** What a user may write against DJL: it keeps its own array, and makes temporary ones. */
    private static final class SignDescent extends Optimizer {
        private final java.util.Map<String, java.util.Map<ai.djl.Device, NDArray>> previous =
                new java.util.concurrent.ConcurrentHashMap<>();

        SignDescent() {
            super(new Builder());
        }

        @Override
        public void update(String parameterId, NDArray weight, NDArray grad) {
            NDArray last = withDefaultState(previous, parameterId, weight.getDevice(), key -> grad.zerosLike());
            weight.subi(grad.add(last).sign().mul(0.01));
            last.addi(grad);
        }

        private static final class Builder extends OptimizerBuilder<Builder> {
            @Override
            protected Builder self() {
                return this;
            }
        }
    }
}
