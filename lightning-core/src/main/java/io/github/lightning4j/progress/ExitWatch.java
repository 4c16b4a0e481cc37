package io.github.lightning4j.progress;

/** Leaves the terminal clean if the process ends while a screen is drawn, as at Ctrl-C or {@code System.exit}. */
final class ExitWatch implements AutoCloseable {
    private final Thread hook;

    private ExitWatch(Thread hook) {
        this.hook = hook;
    }

    static ExitWatch start(Screen screen, StandardStreams streams) {
        Thread hook = new Thread(
                () -> {
                    screen.end();
                    streams.release();
                },
                "progress-at-exit");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            screen.end(); // The process is ending already.
        }
        return new ExitWatch(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is ending, and the hook does its work.
        }
    }
}
