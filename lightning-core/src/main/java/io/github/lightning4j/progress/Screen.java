package io.github.lightning4j.progress;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A terminal with a region at its lower end that is drawn over and over, and everything else above it. Cursor and wrapping
 * are as they were after every call, so that a process that dies leaves them so. Any thread may call it.
 */
final class Screen {
    private static final long PATIENCE_MILLIS = 500;

    private final PrintStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile WindowSize size;
    private final AtomicInteger resizing = new AtomicInteger();
    private volatile boolean over;
    private @Nullable Region region;

    Screen(PrintStream out, WindowSize size) {
        this.out = out;
        this.size = size;
    }

    WindowSize size() {
        return size;
    }

    /** Draws a region over the one that was there. */
    void draw(Region next) {
        locked(() -> {
            if (resizing.get() > 0) {
                return;
            }
            if (region != null && region.getClass() != next.getClass()) {
                eraseRegion();
            }
            String home = region == null ? "\r" : region.home(size);
            print(home + next.draw(size, region == null ? 0 : region.width()));
            region = next;
        });
    }

    /** Writes a line that stays in place of the one that was drawn, or above the block. */
    void keep(String text) {
        locked(() -> {
            if (region instanceof BlockRegion block) {
                print(block.home(size) + Region.ERASE_DOWN + text + "\r\n" + block.draw(size, 0));
                return;
            }
            String home = region == null ? "\r" : region.home(size);
            boolean longer = region != null && Text.width(text) < region.width();
            print(home + text + (longer ? Region.ERASE_LINE : "") + "\n");
            region = null;
        });
    }

    /** Lets something be written that ends with the end of a line and stays above what is drawn. */
    void above(Runnable writing) {
        lock.lock();
        try {
            Region below = over ? null : region;
            if (below != null) {
                eraseRegion();
            }
            writing.run();
            if (below != null) {
                print(below.draw(size, 0));
                region = below;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Erases what was drawn. */
    void erase() {
        locked(this::eraseRegion);
    }

    private void eraseRegion() {
        if (region != null) {
            print(region.home(size) + (region instanceof LineRegion ? Region.ERASE_LINE : Region.ERASE_DOWN));
            region = null;
        }
    }

    /** Leaves what was drawn where it is; what comes next begins a line. */
    void leave() {
        locked(this::leaveRegion);
    }

    private void leaveRegion() {
        if (region != null) {
            print(region.leave());
            region = null;
        }
    }

    /** The process ends: leaves what was drawn and draws no more, whatever other threads still do. */
    void end() {
        try {
            if (lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    leaveRegion();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over = true;
        }
    }

    /** The window is getting another size, so nothing is drawn until {@link #resized}. */
    void resizing() {
        resizing.incrementAndGet();
    }

    /** The window has another size, in which the terminal may have broken the lines. */
    void resized(WindowSize now) {
        if (now.isKnown()) {
            size = now;
        }
        resizing.decrementAndGet();
        locked(() -> {
            if (region != null) {
                print(region.home(size) + Region.ERASE_DOWN + region.draw(size, 0));
            }
        });
    }

    private void locked(Runnable drawing) {
        lock.lock();
        try {
            if (!over) {
                drawing.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
