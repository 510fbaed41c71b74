/** Image bytes to pixels, behind limits, equal to the reference preprocessing. */
@NullMarked
package io.cospace.encoder.image;

import org.jspecify.annotations.NullMarked;
