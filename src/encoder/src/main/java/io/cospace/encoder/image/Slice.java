package io.cospace.encoder.image;

/** Bytes {@code from} up to and without {@code end} of a file. */
record Slice(int from, int end) {
    int length() {
        return end - from;
    }
}
