/**
 * Loss functions on arrays ({@link io.github.lightning4j.loss.Losses}), with exact gradients and checked labels.
 */
@NullMarked
package io.github.lightning4j.loss;

import org.jspecify.annotations.NullMarked;
