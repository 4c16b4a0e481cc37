/**
 * Layers that DJL lacks or computes otherwise on PyTorch: each is torch's module of that name in values, gradients, initial
 * values and the names of its parameters, and a DJL block like any other.
 */
@NullMarked
package io.github.lightning4j.nn;

import org.jspecify.annotations.NullMarked;
