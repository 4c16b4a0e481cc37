package io.github.lightning4j.search;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;

/**
 * Interrupts a run after so many epochs. The run is the same as one that is not interrupted: only its start is over, and another
 * goes on from its checkpoint. So schedules see the length of the whole run at every rung.
 */
final class Pause implements Callback {
    private final long epochs;
    private boolean reached;

    Pause(long epochs) {
        this.epochs = epochs;
    }

    boolean reached() {
        return reached;
    }

    /** A start that was killed after it had trained and before that was written down has nothing left to do. */
    @Override
    public void onTrainStart(Run run) {
        pause(run);
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (point == SavePoint.EPOCH) {
            pause(run);
        }
    }

    private void pause(Run run) {
        if (run.epoch() >= epochs) {
            reached = true;
            run.interrupt("paused after " + epochs + " epochs");
        }
    }
}
