package io.cospace.encoder.bundle;

/** How much of a bundle's files is read to check them when it is opened. */
public enum Verification {
    /** Size and SHA-256 of every file. */
    FULL,
    /** Size only. */
    SIZE,
    /** {@link #FULL} for a bundle below 2 GB, else {@link #SIZE}. */
    AUTO
}
