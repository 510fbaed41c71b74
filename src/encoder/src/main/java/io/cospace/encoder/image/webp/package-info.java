/**
 * The two bitstreams of WebP, decoded to the very samples of libwebp: VP8 key frames (RFC 6386) and
 * the lossless format (WebP Lossless Bitstream Specification, RFC 9649 section 3). Work and memory
 * are bounded by the size that a stream's header declares, which callers read and check first.
 */
@NullMarked
package io.cospace.encoder.image.webp;

import org.jspecify.annotations.NullMarked;
