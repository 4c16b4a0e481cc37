/**
 * How far a run is, for people who watch it: {@link io.github.lightning4j.progress.ProgressBar}, a live one on a
 * terminal and lines elsewhere.
 */
@NullMarked
package io.github.lightning4j.progress;

import org.jspecify.annotations.NullMarked;
