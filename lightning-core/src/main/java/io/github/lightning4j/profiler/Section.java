package io.github.lightning4j.profiler;

/** The parts of a run that are no hooks. A hook's section is called as its method: {@code trainingStep}. */
public final class Section {
    /** A training batch, from its first hook to its last; what waited for it is not in it. */
    public static final String TRAINING_BATCH = "training batch";

    /** A validation, sanity check or test: all of its batches. */
    public static final String EVALUATION = "evaluation";

    /** Waiting for the next batch of a loader. */
    public static final String DATA_WAIT = "data wait";

    /** Copying a batch to the run's device. */
    public static final String TRANSFER = "batch to device";

    /** Computing the gradients of a loss. */
    public static final String BACKWARD = "backward";

    /** The step of an optimizer. */
    public static final String OPTIMIZER_STEP = "optimizer step";

    /** Handing rows to the loggers. */
    public static final String LOGGING = "loggers";

    /** Saving a checkpoint; with {@code backgroundCheckpoints} only the copy of the state. */
    public static final String CHECKPOINT_SAVE = "checkpoint save";

    private Section() {}
}
