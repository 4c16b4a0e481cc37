/**
 * A module's layers and sizes as a table: {@link io.github.lightning4j.summary.ModelSummary}.
 */
@NullMarked
package io.github.lightning4j.summary;

import org.jspecify.annotations.NullMarked;
