/**
 * ONNX graphs written operator by operator: the builder, the lowering of linear layers at each
 * precision, the quantiser, and one class per architecture family. Graphs hold no weights: their
 * initializers point into safetensors files (location, offset, length), so that graphs of several
 * precisions share one copy of every tensor. Opset 24, com.microsoft 1, IR version 10.
 */
@NullMarked
package io.cospace.export.graph;

import org.jspecify.annotations.NullMarked;
