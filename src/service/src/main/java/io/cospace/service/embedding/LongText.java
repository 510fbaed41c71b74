package io.cospace.service.embedding;

/** What happens to a text that is longer than the model reads. */
public enum LongText {
    /** It is an error that says how long it is and what the limit is. */
    REJECT,
    /** Its end is cut off. */
    TRUNCATE_END,
    /** Its start is cut off. */
    TRUNCATE_START,
    /** It is read in overlapping windows, which make one vector. */
    POOL,
    /** It is answered as several vectors, one for each part, with the parts' places. */
    CHUNKS
}
