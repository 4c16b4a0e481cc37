/** How parameters get their first values. */
@NullMarked
package io.github.lightning4j.init;

import org.jspecify.annotations.NullMarked;
