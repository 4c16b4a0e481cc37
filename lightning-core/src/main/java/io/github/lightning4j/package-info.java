/**
 * The contracts of Lightning4j: what users subclass ({@link io.github.lightning4j.LightningModule}, {@link
 * io.github.lightning4j.LightningDataModule}, {@link io.github.lightning4j.Callback}) or hold ({@link
 * io.github.lightning4j.LogOptions}, {@link io.github.lightning4j.Limit}, {@link io.github.lightning4j.Every}).
 */
@NullMarked
package io.github.lightning4j;

import org.jspecify.annotations.NullMarked;
