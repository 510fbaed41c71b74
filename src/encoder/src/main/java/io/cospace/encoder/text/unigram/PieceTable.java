package io.cospace.encoder.text.unigram;

/**
 * The pieces of a vocabulary as a trie over UTF-16 units, in one hashed array: an entry holds the
 * entry of its prefix, its unit, and the id of the piece that ends there. An entry's place in the
 * array is its name, so that a step from prefix to prefix is one read, mostly.
 *
 * <p>Immutable once built; then safe for use by many threads.
 */
final class PieceTable {

    /** The prefix of no units, from which every walk starts. */
    static final int ROOT = 0;

    /** What a walk comes to when no piece starts like that. */
    static final int NONE = -1;

    /** Most pieces that fit: ids have 24 bits, of which 0 says that no piece ends here. */
    static final int MAX_PIECES = (1 << 24) - 2;

    /** Names have 23 bits, one more than the places of the largest array. */
    static final int MAX_BITS = 22;

    private static final int ID_BITS = 24;
    private static final long ID_MASK = (1L << ID_BITS) - 1;
    private static final int UNIT_BITS = 16;

    /** The golden ratio as a 64-bit fraction: a multiplier that spreads neighbouring keys. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** 0 where free, else {@code (prefix, unit, id + 1)} from high bits to low. */
    private final long[] entries;

    private final int shift;
    private int used;

    /** An empty table of {@code 1 << bits} places, {@code 1 <= bits <= } {@value #MAX_BITS}. */
    PieceTable(int bits) {
        entries = new long[1 << bits];
        shift = Long.SIZE - bits;
    }

    /**
     * Adds the piece {@code units[from..to)}; a piece that is there already gets the new id, as in
     * the library.
     *
     * @return false when the table is too full to take it; it is then of no further use
     */
    boolean add(char[] units, int from, int to, int id) {
        int prefix = ROOT;
        for (int i = from; i < to; i++) {
            int next = step(prefix, units[i]);
            if (next == NONE) {
                if (used > entries.length - entries.length / 4) {
                    return false;
                }
                next = insert(prefix, units[i]);
            }
            prefix = next;
        }
        if (prefix != ROOT) {
            int place = prefix - 1;
            entries[place] = (entries[place] & ~ID_MASK) | (id + 1);
        }
        return true;
    }

    /** The prefix that is {@code prefix} and then {@code unit}, or {@link #NONE}. */
    int step(int prefix, char unit) {
        long key = key(prefix, unit);
        int place = home(key);
        while (true) {
            long entry = entries[place];
            if (entry >>> ID_BITS == key) {
                return place + 1;
            }
            if (entry == 0) {
                return NONE;
            }
            place = (place + 1) & (entries.length - 1);
        }
    }

    /** The id of the piece that {@code prefix}, not the root, spells in full; -1 if it is none. */
    int id(int prefix) {
        return (int) (entries[prefix - 1] & ID_MASK) - 1;
    }

    /** The id of {@code piece}, or -1. */
    int id(String piece) {
        int prefix = ROOT;
        for (int i = 0; i < piece.length() && prefix != NONE; i++) {
            prefix = step(prefix, piece.charAt(i));
        }
        return prefix == ROOT || prefix == NONE ? -1 : id(prefix);
    }

    private int insert(int prefix, char unit) {
        long key = key(prefix, unit);
        int place = home(key);
        while (entries[place] != 0) {
            place = (place + 1) & (entries.length - 1);
        }
        entries[place] = key << ID_BITS;
        used++;
        return place + 1;
    }

    /** Never 0, so that an entry differs from a free place. */
    private static long key(int prefix, char unit) {
        return ((long) (prefix + 1) << UNIT_BITS) | unit;
    }

    private int home(long key) {
        return (int) ((key * SPREAD) >>> shift);
    }
}
