/** Whole numbers from fractions. */
@NullMarked
package io.github.lightning4j.internal.number;

import org.jspecify.annotations.NullMarked;
