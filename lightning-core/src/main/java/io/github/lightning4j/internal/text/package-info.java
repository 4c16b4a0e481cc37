/** Text for people: aligned columns. */
@NullMarked
package io.github.lightning4j.internal.text;

import org.jspecify.annotations.NullMarked;
