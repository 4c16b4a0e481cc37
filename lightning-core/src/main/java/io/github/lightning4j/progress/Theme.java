package io.github.lightning4j.progress;

import io.github.lightning4j.internal.number.Shares;

/**
 * The characters and colours of a live display.
 *
 * @param unicode whether lines and blocks are shown
 * @param colour whether colours are
 */
record Theme(boolean unicode, boolean colour) {
    private static final String GREEN = "\u001b[32m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /** A bar of so many cells. */
    String bar(int cells, double fraction) {
        int done = (int) Shares.floor(cells, fraction);
        String doneCell = unicode ? "\u2501" : "=";
        String leftCell = unicode ? colour ? "\u2501" : "\u2500" : "-";
        return paint(GREEN, doneCell.repeat(done)) + dim(leftCell.repeat(cells - done));
    }

    /** What is to be read last. */
    String dim(String text) {
        return paint(DIM, text);
    }

    /** Characters from the lowest to the highest, for curves one line high. */
    String levels() {
        return unicode ? "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588" : "_.-=+*#";
    }

    private String paint(String code, String text) {
        return colour ? code + text + PLAIN : text;
    }
}
