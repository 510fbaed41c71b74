/** Text to token ids, with character offsets into the caller's string. */
@NullMarked
package io.cospace.encoder.text;

import org.jspecify.annotations.NullMarked;
