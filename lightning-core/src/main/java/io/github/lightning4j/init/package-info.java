/**
 * How parameters get their first values: {@link io.github.lightning4j.init.TorchInitializer} draws them as torch does.
 */
@NullMarked
package io.github.lightning4j.init;

import org.jspecify.annotations.NullMarked;
