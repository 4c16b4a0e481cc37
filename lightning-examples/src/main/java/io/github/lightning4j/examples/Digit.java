package io.github.lightning4j.examples;

import java.awt.image.BufferedImage;

/** A digit: grey values from 0 (background) to 1, row by row, and what it is. */
record Digit(float[] pixels, int height, int width, int label) {

    /** The picture; values beyond 0 and 1 are drawn as those. */
    BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pixels.length; i++) {
            int grey = Math.round(255 * Math.max(0, Math.min(1, pixels[i])));
            image.setRGB(i % width, i / width, grey << 16 | grey << 8 | grey);
        }
        return image;
    }
}
