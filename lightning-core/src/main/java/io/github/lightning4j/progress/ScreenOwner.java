package io.github.lightning4j.progress;

/** Has a screen, which is to be closed when nothing more is drawn. */
interface ScreenOwner {
    Screen open();

    void close();
}
