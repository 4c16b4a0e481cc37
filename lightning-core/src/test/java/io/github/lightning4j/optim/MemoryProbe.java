package io.github.lightning4j.optim;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.fixture.Malloc;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures by how many bytes native memory grows. To be run without compilers and collectors of its own threads, whose
 * needs come and go by megabytes.
 */
public final class MemoryProbe {
    private MemoryProbe() {}

    /**
     * Measures.
     *
     * @param args the file for the two figures: what 50 optimizers leave, and what 2000 steps leave
     * @throws IOException if the file cannot be written
     */
    public static void main(String... args) throws IOException {
        Files.write(Path.of(args[0]), List.of(Long.toString(droppedOptimizers()), Long.toString(steps())));
    }

    private static long droppedOptimizers() {
        try (TrainedParameters parameters =
                new TrainedParameters(manager -> List.of(manager.zeros(new Shape(1024, 1024), DataType.FLOAT32)))) {
            return growth(3, 50, () -> {
                try (MemoryScope scope = MemoryScope.open();
                        NDManager manager = parameters.manager().newSubManager();
                        Optimizer adam =
                                Adam.builder(parameters.list()).amsgrad(true).build()) {
                    scope.suppressNotUsedWarning();
                    parameters.gradients().restore("p0", manager.ones(new Shape(1024, 1024)));
                    adam.step();
                    adam.zeroGrad();
                }
            });
        }
    }

    /** Steps over one parameter with a gradient and ten that backward never reaches. */
    private static long steps() {
        try (TrainedParameters parameters =
                        new TrainedParameters(manager -> Stream.generate(() -> manager.zeros(new Shape(1)))
                                .limit(11)
                                .toList());
                NDManager manager = NDManager.newBaseManager();
                Optimizer adam = Adam.builder(parameters.list()).build();
                Optimizer adagrad =
                        Adagrad.builder(parameters.list()).maximize(true).build()) {
            parameters.gradients().restore("p0", manager.ones(new Shape(1)));
            return growth(200, 2000, () -> {
                adam.step();
                adagrad.step();
                parameters.gradients().clipByNorm(0.1, 2);
                adam.zeroGrad();
            });
        }
    }

    private static long growth(int warmup, int times, Runnable action) {
        for (int i = 0; i < warmup; i++) {
            action.run();
        }
        long before = Malloc.allocated();
        for (int i = 0; i < times; i++) {
            action.run();
        }
        return Malloc.allocated() - before;
    }
}
