/**
 * Augmentation: random changes to samples ({@link io.github.lightning4j.data.augment.SampleTransform}), each a function of
 * (seed, epoch, sample), for {@code DataLoader.builder(dataset).augment(...)}.
 */
@NullMarked
package io.github.lightning4j.data.augment;

import org.jspecify.annotations.NullMarked;
