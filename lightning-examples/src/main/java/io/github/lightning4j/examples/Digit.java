package io.github.lightning4j.examples;

/** A digit: grey values from 0 (background) to 1, row by row, and what it is. */
record Digit(float[] pixels, int height, int width, int label) {}
