/** Behaviour added to a run from outside the module. */
@NullMarked
package io.github.lightning4j.callback;

import org.jspecify.annotations.NullMarked;
