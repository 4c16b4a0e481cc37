/** The loops: fit, evaluation, prediction; what they share, and what callbacks and modules see of them. */
@NullMarked
package io.github.lightning4j.trainer.internal.loop;

import org.jspecify.annotations.NullMarked;
