/**
 * Checkpoints: one safetensors file that holds tensors and one JSON document, is written atomically, recognises damage
 * and is read without running anything that is in it.
 */
@NullMarked
package io.github.lightning4j.checkpoint;

import org.jspecify.annotations.NullMarked;
