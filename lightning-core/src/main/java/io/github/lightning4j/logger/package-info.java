/** Where the metrics of a run go. */
@NullMarked
package io.github.lightning4j.logger;

import org.jspecify.annotations.NullMarked;
