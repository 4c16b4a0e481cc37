package io.github.lightning4j.trainer.internal.run;

import io.github.lightning4j.LightningException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lets checkpoints through where the run's state is complete, and nowhere else. */
public final class SaveGate {
    private @Nullable Saver saver;
    private boolean begun;
    private boolean open;

    /** Writes the checkpoints of a run. */
    public interface Saver {
        /**
         * Writes one.
         *
         * @param weightsOnly whether to leave out everything but the weights
         */
        void save(Path file, boolean weightsOnly);

        /** Saves where an interruption found the run. */
        void saveInterrupted();

        /** Throws the failure of a save that went on in the background, if there was one. */
        void check();

        /** Waits for saves that go on in the background. */
        void await();
    }

    /** Says who writes checkpoints. Without a saver the run saves none. */
    public void connect(Saver value) {
        saver = value;
    }

    /** The run is set up, restored if it is resumed, and so can be saved. */
    public void begin() {
        begun = true;
    }

    /**
     * Opens the gate while something runs at a save point.
     *
     * @param body may save
     */
    public void whileOpen(Runnable body) {
        check();
        pass(body);
    }

    /**
     * Opens the gate while something runs after a failure, if the run had begun: its state, half done perhaps, may be
     * saved.
     *
     * @param body may save then
     */
    public void whileFailing(Runnable body) {
        if (begun) {
            pass(body);
        } else {
            body.run();
        }
    }

    private void pass(Runnable body) {
        open = true;
        try {
            body.run();
        } finally {
            open = false;
        }
    }

    /**
     * Writes a checkpoint.
     *
     * @param weightsOnly whether to leave out everything but the weights
     * @throws IllegalStateException if the gate is closed
     */
    public void save(Path file, boolean weightsOnly) {
        if (!open) {
            throw new IllegalStateException(
                    "saveCheckpoint(" + file + ") was called outside onSavePoint, where the run's"
                            + " state is not complete, or before the run had begun. Override Callback.onSavePoint and"
                            + " save there.");
        }
        if (saver == null) {
            throw new LightningException("This run saves no checkpoints: it is no fit.");
        }
        saver.save(file, weightsOnly);
    }

    /** Saves where an interruption found the run, if it saves at all. */
    public void saveInterrupted() {
        if (saver != null) {
            saver.saveInterrupted();
        }
    }

    private void check() {
        if (saver != null) {
            saver.check();
        }
    }

    /** Waits for saves that go on in the background. */
    public void await() {
        if (saver != null) {
            saver.await();
        }
    }
}
