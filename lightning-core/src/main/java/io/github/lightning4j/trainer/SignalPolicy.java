package io.github.lightning4j.trainer;

/** What a fit does when the process is told to end, by SIGTERM or by SIGINT (Ctrl-C). */
public enum SignalPolicy {
    /**
     * The step is finished, the run saved and torn down, and the signal then handed on to whoever handled it before, which
     * by default ends the process with exit code 143 (SIGTERM) or 130 (SIGINT). A second signal ends it at once.
     */
    SAVE_AND_EXIT,
    /** Nothing: signals are left to the process. */
    NONE
}
