package io.github.lightning4j.tuner;

import io.github.lightning4j.LightningException;

/** Which size to try next, from which ones fitted. */
final class SizeSearch {
    private final ScaleMode mode;
    private final int most;
    private int next;
    /** The largest size that fitted; 0 if none did. */
    private int largest;
    /** The smallest size that did not fit; 0 if all did. */
    private int tooLarge;

    private boolean over;

    SizeSearch(ScaleMode mode, int first, int most) {
        this.mode = mode;
        this.most = most;
        this.next = first;
    }

    boolean isOver() {
        return over;
    }

    int next() {
        return next;
    }

    /** The size fitted; there is no larger one if its only batch holds all samples. */
    void fitted(boolean holdsAll) {
        largest = next;
        if (holdsAll || next == most || tooLarge > 0 && mode == ScaleMode.POWER) {
            over = true;
        } else if (tooLarge > 0) {
            bisect();
        } else {
            next = (int) Math.min(2L * next, most);
        }
    }

    /** The size did not fit; a smaller one is looked for as long as none has fitted. */
    void failed() {
        tooLarge = next;
        if (largest == 0 && next == 1) {
            throw new LightningException(
                    "Not even a batch of one sample fits into memory. Take a smaller network, or" + " another device.");
        }
        if (mode == ScaleMode.BINSEARCH) {
            bisect();
        } else if (largest > 0) {
            over = true;
        } else {
            next = next / 2;
        }
    }

    private void bisect() {
        over = tooLarge - largest <= 1;
        next = largest + (tooLarge - largest) / 2;
    }

    int largest() {
        if (largest == 0) {
            throw new LightningException("No batch size was found that fits into memory: " + next
                    + " is the next to try. Allow more maxTrials, or a smaller initVal.");
        }
        return largest;
    }
}
