package io.cospace.evaluate.bench;

/** One input of a workload. */
public sealed interface Item {
    /** A text. */
    record Text(String text) implements Item {}

    /**
     * An image file.
     *
     * @param bytes as they lie on disk
     */
    @SuppressWarnings("ArrayRecordComponent") // sent and decoded, never compared
    record Image(byte[] bytes) implements Item {}
}
