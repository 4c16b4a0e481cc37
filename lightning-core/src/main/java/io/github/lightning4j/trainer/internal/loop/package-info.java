/** The loops: fit, its epochs and batches; evaluation; prediction; and what they share. */
@NullMarked
package io.github.lightning4j.trainer.internal.loop;

import org.jspecify.annotations.NullMarked;
