/** Running measures over the batches of an epoch. */
@NullMarked
package io.github.lightning4j.metric;

import org.jspecify.annotations.NullMarked;
