package io.github.lightning4j.testing;

import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.trainer.TrainerBuilder;
import java.nio.file.Path;

/** Trainers for tests. */
public final class Trainers {
    private Trainers() {}

    /** One that prints nothing, writes only what a logger asks for, and runs on one thread of the CPU with seed 1, without a sanity check. */
    public static TrainerBuilder quiet() {
        return Trainer.builder()
                .defaultRootDir(Path.of("target", "test-runs"))
                .accelerator(Accelerator.CPU)
                .threads(1)
                .seed(1)
                .maxEpochs(1)
                .numSanityValSteps(0)
                .loggers()
                .enableProgressBar(false)
                .enableModelSummary(false)
                .enableCheckpointing(false);
    }
}
