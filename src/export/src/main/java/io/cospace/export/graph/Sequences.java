package io.cospace.export.graph;

/** The way between rows [t, k], on which dense layers work, and sequences [n, s, k]. */
interface Sequences {
    /** Rows [t, k] to sequences [n, s, k]. */
    Value pad(Value rows, long k);

    /** Sequences [n, s, k] to rows [t, k]. */
    Value unpad(Value sequences, long k);

    /** Rows of each sequence that are real, int64 [n]; {@link Value#NONE}: all. */
    Value lengths();
}
