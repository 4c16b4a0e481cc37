/** The facade: {@link io.github.lightning4j.trainer.Trainer} and what its methods return. */
@NullMarked
package io.github.lightning4j.trainer;

import org.jspecify.annotations.NullMarked;
