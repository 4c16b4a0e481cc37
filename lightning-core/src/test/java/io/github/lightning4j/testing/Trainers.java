package io.github.lightning4j.testing;

import io.github.lightning4j.trainer.Accelerator;
import io.github.lightning4j.trainer.Trainer;
import io.github.lightning4j.trainer.TrainerBuilder;

/** Trainers for tests. */
public final class Trainers {
    private Trainers() {}

    /** One that prints and writes nothing, on one thread of the CPU with seed 1, without a sanity check. */
    public static TrainerBuilder quiet() {
        return Trainer.builder()
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
