/** The only package that knows ONNX Runtime: devices, sessions, tensors. */
@NullMarked
package io.cospace.encoder.onnx;

import org.jspecify.annotations.NullMarked;
