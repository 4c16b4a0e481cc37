package io.github.lightning4j.plot;

/** The colours of a heat map. */
final class Shade {
    private static final int BLUE = 0x08306B;
    private static final int ORANGE = 0x9A4A00;

    private Shade() {}

    /** White for 0, dark blue for 1, dark orange for -1; small shares are told apart best. */
    static int of(double share) {
        double depth = Math.sqrt(Math.abs(share));
        int end = share < 0 ? ORANGE : BLUE;
        return mixed(end >> 16, depth) << 16 | mixed(end >> 8 & 0xFF, depth) << 8 | mixed(end & 0xFF, depth);
    }

    private static int mixed(int end, double depth) {
        return (int) Math.round(255 + (end - 255) * depth);
    }

    /** What is seen on it. */
    static int ofText(double share) {
        return Math.abs(share) > 0.2 ? Pen.WHITE : Pen.BLACK;
    }
}
