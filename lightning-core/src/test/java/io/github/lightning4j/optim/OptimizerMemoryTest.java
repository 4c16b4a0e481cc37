package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.djl.MemoryScope;
import io.github.lightning4j.testing.NativeHeap;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OptimizerMemoryTest {
    private static final long MEGABYTE = 1 << 20;

    @BeforeAll
    static void needGlibc() {
        NativeHeap.assumeMeasurable();
    }

    @Test
    void fiftyAdamsOverFourMegabytes_leaveNothing() {
        try (TrainedParameters parameters =
                new TrainedParameters(manager -> List.of(manager.zeros(new Shape(1024, 1024), DataType.FLOAT32)))) {
            for (int i = 0; i < 10; i++) {
                useOnce(parameters);
            }
            long before = NativeHeap.settledBytes();
            for (int i = 0; i < 50; i++) {
                useOnce(parameters);
            }
            assertThat(NativeHeap.settledBytes() - before).isLessThan(8 * MEGABYTE);
        }
    }

    @Test
    void manySteps_leaveNothing_alsoForAParameterNeverReached() {
        TorchReference reference = TorchReference.load("torch-optim.json");
        try (TrainedParameters parameters = TrainedParameters.of(reference, DataType.FLOAT32);
                Optimizer adam =
                        RMSprop.builder(parameters.list()).momentum(0.9).build()) {
            parameters
                    .gradients()
                    .restore(
                            "p0",
                            reference
                                    .gradients(parameters.manager(), DataType.FLOAT32, 0)
                                    .get(0));
            steps(adam, 2000);
            long before = NativeHeap.settledBytes();
            steps(adam, 20_000);
            assertThat(NativeHeap.settledBytes() - before).isLessThan(MEGABYTE / 2);
        }
    }

    private static void steps(Optimizer optimizer, int count) {
        for (int i = 0; i < count; i++) {
            optimizer.step();
            optimizer.zeroGrad();
        }
    }

    private static void useOnce(TrainedParameters parameters) {
        try (MemoryScope scope = MemoryScope.open();
                NDManager manager = parameters.manager().newSubManager();
                Optimizer adam = Adam.builder(parameters.list()).amsgrad(true).build()) {
            scope.suppressNotUsedWarning();
            parameters.gradients().restore("p0", manager.ones(new Shape(1024, 1024)));
            adam.step();
            adam.zeroGrad();
        }
    }
}
