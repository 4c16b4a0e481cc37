/** Where the time of a run goes. */
@NullMarked
package io.github.lightning4j.profiler;

import org.jspecify.annotations.NullMarked;
