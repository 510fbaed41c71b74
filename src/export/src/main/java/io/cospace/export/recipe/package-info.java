/**
 * The default model in closed form: whitening of text vectors, class targets, rotation, score
 * scale, calibration.
 */
@NullMarked
package io.cospace.export.recipe;

import org.jspecify.annotations.NullMarked;
