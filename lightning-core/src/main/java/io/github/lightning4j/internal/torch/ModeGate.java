package io.github.lightning4j.internal.torch;

import java.util.function.Consumer;

/**
 * Lets threads share an object that is in one of two modes: those that want the mode it is in run side by side, those that
 * want the other one wait until nobody is inside, and are not overtaken meanwhile.
 */
final class ModeGate {
    private final Consumer<Boolean> setter;
    private boolean training;
    private int inside;
    private int switching;

    /** Creates a gate; {@code setter} puts the object in training mode or out of it. */
    ModeGate(Consumer<Boolean> setter) {
        this.setter = setter;
        setter.accept(false);
    }

    synchronized void enter(boolean wanted) {
        int turn = training == wanted ? 0 : 1;
        switching += turn;
        awaitTurn(wanted);
        switching -= turn;
        if (training != wanted) {
            setter.accept(wanted);
            training = wanted;
        }
        inside++;
        notifyAll();
    }

    private void awaitTurn(boolean wanted) {
        boolean interrupted = false;
        while (inside > 0 && (training != wanted || switching > 0)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }
}
