package io.cospace.encoder.image.webp;

import java.util.Arrays;

/**
 * A canonical prefix code with lengths of at most 15 bits, for bits that come least significant
 * first. Decoded in one look at a table of 8 bits, or a second one for longer codes.
 */
final class PrefixCode {
    private static final int MAX_LENGTH = 15;
    private static final int ROOT_BITS = 8;

    /**
     * Entries are value &lt;&lt; 8 | bits. In the root a number of bits above {@link #rootBits}
     * says that value is where the second table begins, and by how many bits it is indexed.
     */
    private final int[] table;

    private final int rootBits;

    private PrefixCode(int[] table, int rootBits) {
        this.table = table;
        this.rootBits = rootBits;
    }

    /**
     * The code of the lengths [symbols], 0 for a symbol that is not used.
     *
     * @throws io.cospace.encoder.error.ImageException.Unreadable when they are not those of a
     *     complete code; a single symbol, which takes no bits, is complete
     */
    static PrefixCode of(int[] lengths, int symbols) {
        int[] counts = new int[MAX_LENGTH + 1];
        for (int i = 0; i < symbols; i++) {
            counts[lengths[i]]++;
        }
        int used = symbols - counts[0];
        if (used == 1) {
            int symbol = 0;
            while (lengths[symbol] == 0) {
                symbol++;
            }
            return new PrefixCode(new int[] {symbol << 8}, 0);
        }
        int open = 1;
        int longest = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            open = 2 * open - counts[length];
            longest = counts[length] > 0 ? length : longest;
            if (open < 0) {
                throw Vp8l.damaged("a prefix code is oversubscribed");
            }
        }
        if (used == 0 || open != 0) {
            throw Vp8l.damaged("a prefix code is incomplete");
        }
        return build(lengths, symbols, counts, longest);
    }

    private static PrefixCode build(int[] lengths, int symbols, int[] counts, int longest) {
        int rootBits = Math.min(longest, ROOT_BITS);
        int rootSize = 1 << rootBits;
        int[] codes = codes(lengths, symbols, counts);
        int[] secondBits = new int[rootSize];
        for (int i = 0; i < symbols; i++) {
            if (lengths[i] > rootBits) {
                int root = codes[i] & (rootSize - 1);
                secondBits[root] = Math.max(secondBits[root], lengths[i] - rootBits);
            }
        }
        int size = rootSize;
        int[] table = new int[rootSize];
        for (int root = 0; root < rootSize; root++) {
            if (secondBits[root] > 0) {
                table[root] = size << 8 | (rootBits + secondBits[root]);
                size += 1 << secondBits[root];
            }
        }
        table = Arrays.copyOf(table, size);
        for (int i = 0; i < symbols; i++) {
            if (lengths[i] > rootBits) {
                int root = codes[i] & (rootSize - 1);
                int start = table[root] >> 8;
                replicate(
                        table,
                        start,
                        codes[i] >> rootBits,
                        lengths[i] - rootBits,
                        secondBits[root],
                        i);
            } else if (lengths[i] > 0) {
                replicate(table, 0, codes[i], lengths[i], rootBits, i);
            }
        }
        return new PrefixCode(table, rootBits);
    }

    /** The codes of the symbols, their first bit lowest. */
    private static int[] codes(int[] lengths, int symbols, int[] counts) {
        int[] next = new int[MAX_LENGTH + 2];
        for (int length = 1; length <= MAX_LENGTH; length++) {
            next[length + 1] = (next[length] + counts[length]) << 1;
        }
        int[] codes = new int[symbols];
        for (int i = 0; i < symbols; i++) {
            if (lengths[i] > 0) {
                codes[i] = Integer.reverse(next[lengths[i]]++) >>> (32 - lengths[i]);
            }
        }
        return codes;
    }

    /** Enters a code wherever an index of {@code indexBits} bits begins with it. */
    private static void replicate(
            int[] table, int start, int code, int bits, int indexBits, int symbol) {
        for (int i = code; i < 1 << indexBits; i += 1 << bits) {
            table[start + i] = symbol << 8 | bits;
        }
    }

    /** Takes the next symbol off bits that were filled; at most 15 bits of them. */
    int read(Vp8lBits bits) {
        int window = bits.peek();
        int entry = table[window & ((1 << rootBits) - 1)];
        int length = entry & 0xff;
        if (length > rootBits) {
            bits.drop(rootBits);
            int second = (window >> rootBits) & ((1 << (length - rootBits)) - 1);
            entry = table[(entry >> 8) + second];
            length = entry & 0xff;
        }
        bits.drop(length);
        return entry >> 8;
    }

    /** How many entries the code takes, of four bytes each. */
    int entries() {
        return table.length;
    }
}
