/** Cross-validation: a new module trained and judged in every fold of a dataset. */
@NullMarked
package io.github.lightning4j.crossvalidation;

import org.jspecify.annotations.NullMarked;
