/** Arithmetic on vectors: products, lengths, and the number types that an answer may have. */
@NullMarked
package io.cospace.encoder.math;

import org.jspecify.annotations.NullMarked;
