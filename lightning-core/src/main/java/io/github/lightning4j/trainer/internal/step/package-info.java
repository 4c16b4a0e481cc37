/** How a training batch becomes a change of the parameters. */
@NullMarked
package io.github.lightning4j.trainer.internal.step;

import org.jspecify.annotations.NullMarked;
