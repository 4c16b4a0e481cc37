package io.github.lightning4j.trainer.internal.step;

/** Lets a batch through to backward unless somebody who has seen its loss keeps it back. */
public final class BackwardGate {
    private boolean open;
    private boolean skipped;

    void open() {
        open = true;
        skipped = false;
    }

    /** Closes it; false if the batch is to be left out. */
    boolean close() {
        open = false;
        return !skipped;
    }

    /** Leaves out the batch that stands before it. */
    public void skip() {
        if (!open) {
            throw new IllegalStateException("skipBatch was called outside onBeforeBackward of a batch that the loop"
                    + " optimizes. Override Callback.onBeforeBackward and call it there; a module that optimizes by"
                    + " itself leaves out its own steps.");
        }
        skipped = true;
    }
}
