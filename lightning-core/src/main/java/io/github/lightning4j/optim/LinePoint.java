package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;

/**
 * A point on the line along a direction.
 *
 * @param length how far along the direction it is
 * @param loss the loss there
 * @param gradient the gradient there
 * @param slope the derivative of the loss along the direction
 */
record LinePoint(double length, double loss, NDArray gradient, double slope) {}
