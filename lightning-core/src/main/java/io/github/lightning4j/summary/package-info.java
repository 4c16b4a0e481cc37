/** A module's layers and sizes as a table. */
@NullMarked
package io.github.lightning4j.summary;

import org.jspecify.annotations.NullMarked;
