/**
 * Runnable examples. Start with {@link io.github.lightning4j.examples.MnistCnn}; {@link
 * io.github.lightning4j.examples.Main} lists and runs them all.
 */
@NullMarked
package io.github.lightning4j.examples;

import org.jspecify.annotations.NullMarked;
