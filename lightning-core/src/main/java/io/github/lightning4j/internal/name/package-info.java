/** Names: of classes that may have none, and of what users name, as keys. */
@NullMarked
package io.github.lightning4j.internal.name;

import org.jspecify.annotations.NullMarked;
