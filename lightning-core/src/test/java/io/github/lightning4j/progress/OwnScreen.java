package io.github.lightning4j.progress;

/** A screen for a test, with nothing of the process routed to it. */
record OwnScreen(Screen screen) implements ScreenOwner {
    @Override
    public Screen open() {
        return screen;
    }

    @Override
    public void close() {}
}
