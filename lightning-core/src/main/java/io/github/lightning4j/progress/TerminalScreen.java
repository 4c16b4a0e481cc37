package io.github.lightning4j.progress;

import org.jspecify.annotations.Nullable;

/**
 * The screen of this process's terminal, which all live displays share. While it is open, what the program writes to the
 * standard streams passes above what is drawn, changes of the window's size are followed, and the end of the process leaves
 * the terminal clean.
 */
final class TerminalScreen implements ScreenOwner {
    static final TerminalScreen SHARED = new TerminalScreen();

    private @Nullable Opened opened;
    private int users;

    private TerminalScreen() {}

    /** What is undone in the end. */
    private record Opened(Screen screen, StandardStreams streams, WindowWatch window, ExitWatch exit) {}

    @Override
    public synchronized Screen open() {
        Opened now = opened;
        if (now == null) {
            Screen screen = new Screen(System.out, Stty.size());
            StandardStreams streams = StandardStreams.passAbove(screen);
            now = new Opened(screen, streams, WindowWatch.start(screen), ExitWatch.start(screen, streams));
            opened = now;
        }
        users++;
        return now.screen();
    }

    @Override
    public synchronized void close() {
        Opened now = opened;
        users--;
        if (users > 0 || now == null) {
            return;
        }
        opened = null;
        now.exit().close();
        now.window().close();
        now.streams().close();
    }
}
