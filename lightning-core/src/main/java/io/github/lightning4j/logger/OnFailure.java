package io.github.lightning4j.logger;

/** What becomes of a run whose logger cannot write. */
public enum OnFailure {
    /** The run ends with the logger's error; what it saved is there to resume from. */
    STOP,

    /** A warning says so once, and the run goes on without what the logger would have written. */
    WARN_ONCE
}
