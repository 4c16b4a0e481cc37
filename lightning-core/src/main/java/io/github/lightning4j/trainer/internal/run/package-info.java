/** Where a run stands, what it is doing, how it is stopped, and how it ends whatever happens. */
@NullMarked
package io.github.lightning4j.trainer.internal.run;

import org.jspecify.annotations.NullMarked;
