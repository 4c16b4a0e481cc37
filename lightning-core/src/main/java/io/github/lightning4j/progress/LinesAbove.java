package io.github.lightning4j.progress;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** Passes whole lines on to a stream, above what a screen shows; a part of a line waits for the rest of it. */
final class LinesAbove extends OutputStream {
    private final PrintStream target;
    private final Screen screen;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private boolean released;

    LinesAbove(PrintStream target, Screen screen) {
        this.target = target;
        this.screen = screen;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (released) {
            target.write(bytes, offset, length);
            target.flush();
            return;
        }
        int end = offset + length;
        while (end > offset && bytes[end - 1] != '\n') {
            end--;
        }
        part.write(bytes, offset, end - offset);
        if (end > offset) {
            screen.above(this::passPart);
        }
        part.write(bytes, end, offset + length - end);
    }

    private void passPart() {
        target.write(part.toByteArray(), 0, part.size());
        target.flush();
        part.reset();
    }

    /** Passes on what has waited, and lets everything through from now on. */
    synchronized void release() {
        released = true;
        passPart();
    }
}
