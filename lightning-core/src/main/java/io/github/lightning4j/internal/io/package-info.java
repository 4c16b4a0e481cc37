/** How files are written and how JSON is coded, once for the whole house. */
@NullMarked
package io.github.lightning4j.internal.io;

import org.jspecify.annotations.NullMarked;
