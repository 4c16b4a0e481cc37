/** How far a run is, for people who watch it. */
@NullMarked
package io.github.lightning4j.progress;

import org.jspecify.annotations.NullMarked;
