/**
 * ONNX graphs that other exporters wrote, made into towers of a bundle: their inputs and outputs
 * get the bundle's names and forms, their weights move into the reference file.
 */
@NullMarked
package io.cospace.export.foreign;

import org.jspecify.annotations.NullMarked;
