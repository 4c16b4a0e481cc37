/** The checkpoint file and what {@code ModelCheckpoint} is made of. */
@NullMarked
package io.github.lightning4j.checkpoint.internal;

import org.jspecify.annotations.NullMarked;
