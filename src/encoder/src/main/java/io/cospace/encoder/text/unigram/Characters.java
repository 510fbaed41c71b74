package io.cospace.encoder.text.unigram;

/**
 * What the character map needs to know of a character before it is looked up. The answers for
 * UTF-16 units are kept as they are found; two threads may find the same one, and write the same.
 */
final class Characters {

    private static final byte KNOWN = 1;
    private static final byte ALONE = 2;
    private static final byte PLAIN = 4;

    private final CharacterMap map;
    private final byte[] known = new byte[1 << Character.SIZE];

    Characters(CharacterMap map) {
        this.map = map;
    }

    /**
     * Whether {@code unit} is a code point that never joins another one of which this holds to a
     * grapheme cluster.
     */
    boolean isAlone(char unit) {
        return (answers(unit) & ALONE) != 0;
    }

    /** Whether {@code unit}, {@link #isAlone alone}, is also left as it is by the map. */
    boolean isPlain(char unit) {
        return (answers(unit) & PLAIN) != 0;
    }

    /** What separates words for the library: Unicode's White_Space. */
    static boolean isSpace(char unit) {
        if (unit < 0x80) {
            return unit == ' ' || (unit >= 0x9 && unit <= 0xD);
        }
        return switch (unit) {
            case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> unit >= 0x2000 && unit <= 0x200A;
        };
    }

    private byte answers(char unit) {
        byte answers = known[unit];
        return answers != 0 ? answers : find(unit);
    }

    private byte find(char unit) {
        byte answers = KNOWN;
        if (!Character.isSurrogate(unit) && GraphemeBreak.of(unit).isAlone()) {
            answers |= ALONE;
            if (map.find(String.valueOf(unit), 0, 1) == CharacterMap.NONE) {
                answers |= PLAIN;
            }
        }
        known[unit] = answers;
        return answers;
    }
}
