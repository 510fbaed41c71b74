package io.cospace.service.embedding;

/** A form in which a vector is answered. */
public enum OutputType {
    /** Its components as numbers. */
    FLOAT,
    /** Its components as little-endian float32, in Base64 (RFC 4648, section 4). */
    BASE64,
    /** One signed byte a component: its place in the range that the tower's vectors have there. */
    INT8,
    /** As {@link #INT8}, unsigned. */
    UINT8,
    /** One bit a component, packed by eight, each byte less 128. */
    BINARY,
    /** As {@link #BINARY}, each byte unsigned. */
    UBINARY
}
