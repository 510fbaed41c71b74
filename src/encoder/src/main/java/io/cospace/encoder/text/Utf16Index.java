package io.cospace.encoder.text;

import org.jspecify.annotations.Nullable;

/** From the tokenizer's counting of a string (Unicode code points) to Java's (UTF-16 units). */
final class Utf16Index {

    /**
     * By code point its UTF-16 index, and the length at the end; null where both countings are the
     * same.
     */
    private final int @Nullable [] byCodePoint;

    private Utf16Index(int @Nullable [] byCodePoint) {
        this.byCodePoint = byCodePoint;
    }

    static Utf16Index of(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return new Utf16Index(null);
        }
        int[] index = new int[codePoints + 1];
        int at = 0;
        for (int i = 0; i < codePoints; i++) {
            index[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        index[codePoints] = at;
        return new Utf16Index(index);
    }

    /** UTF-16 index of code point number {@code codePoint}, which may be one behind the last. */
    int of(int codePoint) {
        return byCodePoint == null ? codePoint : byCodePoint[codePoint];
    }
}
