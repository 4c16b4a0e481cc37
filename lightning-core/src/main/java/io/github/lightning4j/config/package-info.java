/** Settings from YAML and JSON files into records of the user's own, and back. */
@NullMarked
package io.github.lightning4j.config;

import org.jspecify.annotations.NullMarked;
