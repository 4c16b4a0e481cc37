/** What the Trainer was told, in small records by concern. */
@NullMarked
package io.github.lightning4j.trainer.internal.option;

import org.jspecify.annotations.NullMarked;
