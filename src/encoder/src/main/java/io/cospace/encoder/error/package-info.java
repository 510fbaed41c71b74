/** Everything that can go wrong in the encoder, as one sealed family. */
@NullMarked
package io.cospace.encoder.error;

import org.jspecify.annotations.NullMarked;
