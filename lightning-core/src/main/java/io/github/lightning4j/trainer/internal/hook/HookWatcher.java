package io.github.lightning4j.trainer.internal.hook;

/** Is told which hook runs, as the log book is, and what begins and ends in between. */
public interface HookWatcher {
    /** From now on this hook runs: it was entered, or one called from within it was left. */
    void inside(Hook hook);

    /** A hook, or another part of the run, begins. */
    default void entered(String section) {}

    /** It ends. */
    default void left(String section) {}
}
