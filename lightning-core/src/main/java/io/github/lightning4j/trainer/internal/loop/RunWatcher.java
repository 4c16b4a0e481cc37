package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.HookWatcher;
import io.github.lightning4j.trainer.internal.log.ItemBook;
import io.github.lightning4j.trainer.internal.log.LogBook;
import io.github.lightning4j.trainer.internal.run.Phases;

/** Tells the parts of a run which hook runs. */
record RunWatcher(LogBook book, ItemBook items, Phases phases) implements HookWatcher {
    @Override
    public void inside(Hook hook) {
        book.inside(hook);
        items.inside(hook);
        phases.inTrainingStep(hook == Hook.TRAINING_STEP);
    }

    @Override
    public void entered(String section) {
        phases.begin(section);
    }

    @Override
    public void left(String section) {
        phases.end(section);
    }
}
