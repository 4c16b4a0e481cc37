/** Search for hyperparameters: random, on a grid, and with successive halving. */
@NullMarked
package io.github.lightning4j.search;

import org.jspecify.annotations.NullMarked;
