/** Records from plain values, as JSON and YAML give them, and which types are one text there. */
@NullMarked
package io.github.lightning4j.internal.record;

import org.jspecify.annotations.NullMarked;
