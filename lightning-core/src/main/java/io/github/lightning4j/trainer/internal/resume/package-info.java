/** A run's state as a checkpoint: what is saved, put back, and known of earlier starts. */
@NullMarked
package io.github.lightning4j.trainer.internal.resume;

import org.jspecify.annotations.NullMarked;
