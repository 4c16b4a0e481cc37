/**
 * Event files that TensorBoard reads. Needs {@code com.google.protobuf:protobuf-java}, which lightning-core does not bring.
 */
@NullMarked
package io.github.lightning4j.logger.tensorboard;

import org.jspecify.annotations.NullMarked;
