/** The optimizers of {@code torch.optim}, and Lion, as {@link io.github.lightning4j.Optimizer}s over DJL parameters. */
@NullMarked
package io.github.lightning4j.optim;

import org.jspecify.annotations.NullMarked;
