package io.cospace.encoder.text.unigram;

import java.util.Arrays;

/**
 * A text on its way through the character map: its UTF-16 units, and for each the index in the
 * original where the code point stands that it came of. Not safe for use by many threads.
 *
 * <p>While it is filled, the second array holds how each code point changes the text, in the
 * library's terms: 1 when it is added, 0 when it takes the place of one, {@code -n} when it takes
 * the place of one and {@code n} more behind it are dropped. {@link #align} makes indices of these.
 * The detour matters: what is dropped counts for the code point before it, whichever this is, and
 * nothing is counted before the first one, so that all offsets behind are early by as much. The
 * library does that, and chunks must be the same.
 */
final class NormalText {

    private char[] units;
    private int[] origins;
    private int length;
    private boolean changed;

    /** A text with room for {@code capacity} units; it grows. */
    NormalText(int capacity) {
        units = new char[capacity];
        origins = new int[capacity];
    }

    /** Forgets everything. */
    void clear() {
        length = 0;
        changed = false;
    }

    int length() {
        return length;
    }

    char unit(int index) {
        return units[index];
    }

    /** After {@link #align}: where the code point of unit {@code index} stood in the original. */
    int origin(int index) {
        return origins[index];
    }

    /** Appends a unit that is itself a code point and takes the place of an equal one. */
    void keep(char unit) {
        grow(1);
        units[length] = unit;
        origins[length++] = 0;
    }

    void append(int codePoint, int change) {
        grow(2);
        int count = Character.toChars(codePoint, units, length);
        Arrays.fill(origins, length, length + count, change);
        length += count;
    }

    /** Says of the {@code added} code points appended last that they took the place of others. */
    void replaced(int removed, int added) {
        changed = true;
        int at = length;
        for (int i = 0; i < added - removed; i++) {
            at -= unitsBefore(at);
            setChange(at, 1);
        }
        if (added < removed && length > 0) {
            int last = length - unitsBefore(length);
            setChange(last, origins[last] + added - removed);
        }
    }

    /** Makes origins of changes: indices in {@code original}, of which this is {@code from..to}. */
    void align(CharSequence original, int from, int to) {
        if (!changed) {
            for (int i = 0; i < length; i++) {
                origins[i] = from + i;
            }
            return;
        }
        int at = from;
        for (int i = 0; i < length; ) {
            int change = origins[i];
            int origin = at;
            if (change > 0) {
                origin = at == from ? from : Character.offsetByCodePoints(original, at, -1);
            } else {
                for (int n = 0; n <= -change && at < to; n++) {
                    at += Character.charCount(Character.codePointAt(original, at));
                }
            }
            int next = i + Character.charCount(Character.codePointAt(units, i, length));
            Arrays.fill(origins, i, next, origin);
            i = next;
        }
    }

    private void setChange(int at, int change) {
        Arrays.fill(
                origins,
                at,
                at + Character.charCount(Character.codePointAt(units, at, length)),
                change);
    }

    private int unitsBefore(int at) {
        return Character.charCount(Character.codePointBefore(units, at));
    }

    private void grow(int more) {
        if (length + more > units.length) {
            int capacity = Math.max(length + more, units.length + units.length / 2);
            units = Arrays.copyOf(units, capacity);
            origins = Arrays.copyOf(origins, capacity);
        }
    }
}
