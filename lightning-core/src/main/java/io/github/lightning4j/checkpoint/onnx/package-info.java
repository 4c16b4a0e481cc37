/** Weights out of ONNX files. */
@NullMarked
package io.github.lightning4j.checkpoint.onnx;

import org.jspecify.annotations.NullMarked;
