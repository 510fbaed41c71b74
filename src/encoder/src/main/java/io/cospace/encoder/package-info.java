/** Image bytes or text to unit vectors of one space, through ONNX Runtime; knows no framework. */
@NullMarked
package io.cospace.encoder;

import org.jspecify.annotations.NullMarked;
