package io.github.lightning4j.examples;

import io.github.lightning4j.LogItem;

/** A digit: grey values from 0 (background) to 1, row by row, and what it is. */
record Digit(float[] pixels, int height, int width, int label) {

    /** The picture; values beyond 0 and 1 are drawn as those. */
    LogItem.Image image() {
        int[] rgb = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int grey = Math.round(255 * Math.max(0, Math.min(1, pixels[i])));
            rgb[i] = grey << 16 | grey << 8 | grey;
        }
        return new LogItem.Image(width, height, rgb);
    }
}
