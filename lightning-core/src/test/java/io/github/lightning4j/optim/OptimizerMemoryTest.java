package io.github.lightning4j.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.djl.MemoryScope;
import io.github.lightning4j.testing.NativeMemory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OptimizerMemoryTest {
    private static final int ROUNDS = 5;

    @BeforeAll
    static void needGlibc() {
        assumeThat(NativeMemory.allocated()).as("glibc's mallinfo2").isPositive();
    }

    @Test
    void fiftyAdamsOverFourMegabytes_leaveNothing() {
        try (TrainedParameters parameters =
                new TrainedParameters(manager -> List.of(manager.zeros(new Shape(1024, 1024), DataType.FLOAT32)))) {
            long growth = growthOver(() -> {
                for (int i = 0; i < 50 / ROUNDS; i++) {
                    useOnce(parameters);
                }
            });
            assertThat(growth).isLessThan(4 << 20);
        }
    }

    @Test
    void manySteps_leaveNothing_alsoForParametersNeverReached() {
        try (TrainedParameters parameters = new TrainedParameters(manager -> Collections.nCopies(50, 1).stream()
                        .map(one -> manager.zeros(new Shape(one)))
                        .toList());
                NDManager manager = NDManager.newBaseManager();
                Optimizer adam = Adam.builder(parameters.list()).build()) {
            parameters.gradients().restore("p0", manager.ones(new Shape(1)));
            long growth = growthOver(() -> {
                for (int i = 0; i < 3000; i++) {
                    adam.step();
                    adam.zeroGrad();
                }
            });
            assertThat(growth).isLessThan(1 << 20);
        }
    }

    /** The bytes by which some rounds end above as many before them; the JVM's own passing needs aside. */
    private static long growthOver(Runnable round) {
        long before = leastAfterRounds(round);
        return leastAfterRounds(round) - before;
    }

    private static long leastAfterRounds(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
            System.gc();
            LockSupport.parkNanos(50_000_000);
            least = Math.min(least, NativeMemory.allocated());
        }
        return least;
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
