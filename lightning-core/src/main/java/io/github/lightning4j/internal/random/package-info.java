/** Generators of random numbers that are the same on every machine and in every release of Java. */
@NullMarked
package io.github.lightning4j.internal.random;

import org.jspecify.annotations.NullMarked;
