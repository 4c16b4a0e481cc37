/** Every place the loop calls out to, in one table, and the calling. */
@NullMarked
package io.github.lightning4j.trainer.internal.hook;

import org.jspecify.annotations.NullMarked;
