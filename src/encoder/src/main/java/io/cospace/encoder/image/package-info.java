/**
 * Image bytes to the float tensor that an image tower reads: {@link
 * io.cospace.encoder.image.ImageDecoder} gives upright RGB pixels behind limits that are checked
 * before any pixel is allocated, {@link io.cospace.encoder.image.ImagePreprocessor} resizes, crops
 * and normalises them. Both are exact to Pillow 11.3, which made the pixels that the models were
 * trained on.
 */
@NullMarked
package io.cospace.encoder.image;

import org.jspecify.annotations.NullMarked;
