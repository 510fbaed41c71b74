package io.cospace.export.graph;

/** How a text graph takes a batch of n texts. */
public enum TextLayout {
    /**
     * {@code input_ids} int64 [n, s], each text from column 0, whatever behind it; {@code lengths}
     * int64 [n], tokens of each text, 1..s.
     */
    PADDED,

    /** {@code input_ids} int64 [t], all texts one after the other; {@code lengths} int64 [n]. */
    PACKED
}
