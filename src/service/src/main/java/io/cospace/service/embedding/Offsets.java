package io.cospace.service.embedding;

/** What offsets into a caller's string count. */
public enum Offsets {
    /** Unicode code points, as Python counts. */
    CODE_POINTS,
    /** UTF-16 units, as Java and JavaScript count. */
    UTF16
}
