package io.github.lightning4j.search;

import java.util.ArrayList;
import java.util.List;

/**
 * How long trials are trained: the epochs at each rung, and which share of a rung goes on to the next, one of {@code eta}.
 */
record Rungs(List<Long> epochs, int eta) {
    Rungs {
        epochs = List.copyOf(epochs);
    }

    static Rungs single(long epochs) {
        return new Rungs(List.of(epochs), 1);
    }

    static Rungs halving(long least, long most, int eta) {
        List<Long> epochs = new ArrayList<>();
        for (long next = least; next < most; next = Math.multiplyExact(next, (long) eta)) {
            epochs.add(next);
        }
        epochs.add(most);
        return new Rungs(epochs, eta);
    }

    long most() {
        return epochs.get(epochs.size() - 1);
    }

    int top() {
        return epochs.size() - 1;
    }
}
