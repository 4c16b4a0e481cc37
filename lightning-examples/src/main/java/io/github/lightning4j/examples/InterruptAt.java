package io.github.lightning4j.examples;

import io.github.lightning4j.Callback;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.SavePoint;

/** Interrupts a run after so many epochs, as someone who needs the machine would. */
final class InterruptAt implements Callback {
    private final int epochs;
    private boolean interrupted;

    InterruptAt(int epochs) {
        this.epochs = Require.atLeast(1, epochs, "--interrupt-at");
    }

    boolean hasInterrupted() {
        return interrupted;
    }

    @Override
    public void onSavePoint(Run run, SavePoint point) {
        if (point == SavePoint.EPOCH && run.epoch() == epochs) {
            interrupted = true;
            run.interrupt("--interrupt-at " + epochs);
        }
    }
}
