package io.cospace.service.embedding;

/** What one bad item does to its call. */
public enum OnError {
    /** The first bad item, in the order of the call, fails the call. */
    FAIL,
    /** It fails alone; the others are answered. */
    ITEM
}
