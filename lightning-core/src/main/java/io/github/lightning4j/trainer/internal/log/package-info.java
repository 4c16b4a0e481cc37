/** The log book: what was logged, its reductions, and the rows made of it. */
@NullMarked
package io.github.lightning4j.trainer.internal.log;

import org.jspecify.annotations.NullMarked;
