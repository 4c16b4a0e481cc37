package io.github.lightning4j.trainer.internal.run;

import ai.djl.ndarray.NDList;
import io.github.lightning4j.ConfigurationException;
import org.jspecify.annotations.Nullable;

/** What the evaluation step that runs has given for the end of its batch. */
public final class StepOutputs {
    private @Nullable NDList given;

    /** A step begins, and gives from here on. */
    public NDList begin() {
        NDList none = new NDList();
        given = none;
        return none;
    }

    /** The step is over. */
    public void end() {
        given = null;
    }

    /** Adds to what the step that runs has given. */
    public void add(NDList outputs) {
        if (given == null) {
            throw new ConfigurationException(
                    "outputs was called outside validationStep and testStep. Call it in one of them;"
                            + " what trainingStep and predictStep compute, they return.");
        }
        given.addAll(outputs);
    }
}
