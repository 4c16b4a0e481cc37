/**
 * The learning-rate schedules of {@code torch.optim.lr_scheduler}, and a linear warm-up followed by a cosine in one line.
 */
@NullMarked
package io.github.lightning4j.optim.scheduler;

import org.jspecify.annotations.NullMarked;
