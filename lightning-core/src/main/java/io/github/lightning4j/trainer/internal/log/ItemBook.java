package io.github.lightning4j.trainer.internal.log;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.Require;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.LogPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What is shown besides numbers. That of a training batch waits until it is known whether the batch's row is logged. */
public final class ItemBook {
    private final RunLoggers loggers;
    private final LogBook book;
    private final Map<String, Supplier<? extends LogItem>> ofBatch = new LinkedHashMap<>();
    private Hook hook = Hook.NONE;

    /** Creates it. */
    public ItemBook(RunLoggers loggers, LogBook book) {
        this.loggers = loggers;
        this.book = book;
    }

    /** Says in which hook the run is. */
    public void inside(Hook next) {
        hook = next;
    }

    /** Shows an item, now or with the batch's row. */
    public void log(String name, Supplier<? extends LogItem> item) {
        hook.requireLogging("logItem('" + name + "')");
        Require.name(name, "the name of a logged item");
        if (book.isSilent()) {
            return;
        }
        if (hook.policy() == LogPolicy.PER_STEP) {
            ofBatch.put(name, item);
        } else {
            loggers.logItem(name, item.get());
        }
    }

    /** Shows what metrics have computed that is no number. */
    public void showFigures() {
        book.takeFigures().forEach((name, value) -> loggers.logItem(name, new LogItem.Figure(value)));
    }

    /** The batch's row is logged, and its arrays are still there. */
    public void showBatch() {
        ofBatch.forEach((name, item) -> loggers.logItem(name, item.get()));
        ofBatch.clear();
    }

    /** The batch's arrays go. */
    public void leaveBatch() {
        ofBatch.clear();
    }
}
