package io.github.lightning4j.trainer.internal.hook;

/** Is told which hook runs, as the log book is. */
public interface HookWatcher {
    /** From now on this hook runs: it was entered, or one called from within it was left. */
    void inside(Hook hook);
}
