/** Finds the learning rate and the batch size of a fit by trial runs before it, which leave it untouched. */
@NullMarked
package io.github.lightning4j.tuner;

import org.jspecify.annotations.NullMarked;
