package io.github.lightning4j.progress;

import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Tells a screen when the terminal's window has another size, where the system has a signal for that. */
final class WindowWatch implements AutoCloseable {
    private static final String NAME = "WINCH";

    private final @Nullable SignalHandler previous;

    private WindowWatch(@Nullable SignalHandler previous) {
        this.previous = previous;
    }

    static WindowWatch start(Screen screen) {
        try {
            return new WindowWatch(Signal.handle(new Signal(NAME), signal -> {
                screen.resizing();
                screen.resized(Stty.size());
            }));
        } catch (IllegalArgumentException e) {
            return new WindowWatch(null);
        }
    }

    @Override
    public void close() {
        if (previous != null) {
            Signal.handle(new Signal(NAME), previous);
        }
    }
}
