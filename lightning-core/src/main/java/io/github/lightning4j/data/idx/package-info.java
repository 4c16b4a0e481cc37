/**
 * IDX files, the format of MNIST: {@link io.github.lightning4j.data.idx.MnistIdx} reads images with their labels, {@link
 * io.github.lightning4j.data.idx.Idx} any file of numbers.
 */
@NullMarked
package io.github.lightning4j.data.idx;

import org.jspecify.annotations.NullMarked;
