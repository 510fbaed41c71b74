package io.cospace.encoder.image.webp;

import org.jspecify.annotations.Nullable;

/**
 * The prefix codes of an image, five to a group, and which group holds where (RFC 9649, 3.7.2.2).
 */
final class Vp8lGroups {
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;

    /** More table entries than any sane file needs: 64 MB. */
    private static final int MAX_ENTRIES = 1 << 24;

    /**
     * The first symbol of the code of greens that is a length, and the first that is a cached
     * colour.
     */
    static final int FIRST_LENGTH = LITERALS;

    static final int FIRST_CACHED = LITERALS + LENGTHS;

    private final int blockBits;
    private final int blocksPerRow;

    /** Group of each square, row by row; null when one group holds everywhere. */
    private final int @Nullable [] map;

    /** Groups that no square names are missing. */
    private final @Nullable Group[] groups;

    private Vp8lGroups(
            int blockBits, int blocksPerRow, int @Nullable [] map, @Nullable Group[] groups) {
        this.blockBits = blockBits;
        this.blocksPerRow = blocksPerRow;
        this.map = map;
        this.groups = groups;
    }

    /** Codes of one group. */
    record Group(
            PrefixCode green,
            PrefixCode red,
            PrefixCode blue,
            PrefixCode alpha,
            PrefixCode distance) {}

    /**
     * Reads the groups that {@code map} names.
     *
     * @param blockBits side of the squares that share a group, as a power of two
     * @param blocksPerRow squares in a row
     * @param map group of each square, row by row; null: one group for the whole image
     * @param cacheSize colours in the cache, 0 for none
     */
    static Vp8lGroups read(
            Vp8lBits bits, int blockBits, int blocksPerRow, int @Nullable [] map, int cacheSize) {
        int count = 1;
        if (map != null) {
            for (int group : map) {
                count = Math.max(count, group + 1);
            }
        }
        boolean[] named = new boolean[count];
        named[0] = map == null;
        for (int i = 0; map != null && i < map.length; i++) {
            named[map[i]] = true;
        }
        @Nullable Group[] groups = new @Nullable Group[count];
        PrefixCodeReader reader = new PrefixCodeReader(bits);
        long entries = 0;
        for (int i = 0; i < count; i++) {
            PrefixCode green = reader.read(FIRST_CACHED + cacheSize);
            PrefixCode red = reader.read(LITERALS);
            PrefixCode blue = reader.read(LITERALS);
            PrefixCode alpha = reader.read(LITERALS);
            PrefixCode distance = reader.read(DISTANCES);
            if (named[i]) {
                groups[i] = new Group(green, red, blue, alpha, distance);
                entries +=
                        green.entries()
                                + red.entries()
                                + blue.entries()
                                + alpha.entries()
                                + distance.entries();
            }
            if (entries > MAX_ENTRIES) {
                throw Vp8l.damaged("its prefix codes take too much memory");
            }
        }
        return new Vp8lGroups(blockBits, blocksPerRow, map, groups);
    }

    /** The group that holds at a pixel. */
    Group at(int x, int y) {
        int index = map == null ? 0 : map[(y >> blockBits) * blocksPerRow + (x >> blockBits)];
        Group group = groups[index];
        if (group == null) {
            throw new IllegalStateException(
                    "This is a bug: group %d is named and was not kept".formatted(index));
        }
        return group;
    }

    /**
     * Selects the column within a square: pixels where it is 0 begin one. All bits where there is
     * one group.
     */
    int columnMask() {
        return map == null ? -1 : (1 << blockBits) - 1;
    }
}
