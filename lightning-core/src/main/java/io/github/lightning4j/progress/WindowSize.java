package io.github.lightning4j.progress;

/**
 * How many characters a terminal shows; 0 where that is not known.
 *
 * @param columns characters in a line
 * @param rows lines
 */
record WindowSize(int columns, int rows) {
    static final WindowSize UNKNOWN = new WindowSize(0, 0);

    private static final int WIDE = 100;
    private static final int HIGH = 24;

    boolean isKnown() {
        return columns > 0 && rows > 0;
    }

    /** Whether there is room for more than a line, below what else is to be read. */
    boolean isWide() {
        return columns >= WIDE && rows >= HIGH;
    }
}
