package io.cospace.encoder.text.unigram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's table of what characters become before anything is looked up ({@code
 * precompiled_charsmap}): a double array over UTF-8 bytes whose values point into a list of
 * replacements, each ended by a zero byte. Immutable.
 */
final class CharacterMap {

    /** What a lookup gives for characters that stay as they are. */
    static final int NONE = -1;

    private static final int LABEL = (1 << 31) | 0xFF;
    private static final int LEAF = 1 << 8;
    private static final int WIDE = 1 << 9;

    private final int[] units;
    private final byte[] replacements;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Reads the table: its size in bytes as int32, the double array, the replacements; little
     * endian.
     *
     * @throws IllegalArgumentException when {@code bytes} is none
     */
    static CharacterMap of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 2 * Integer.BYTES) {
            throw new IllegalArgumentException("character map has " + bytes.length + " bytes");
        }
        int size = buffer.getInt();
        if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > buffer.remaining()) {
            throw new IllegalArgumentException("character map's trie has " + size + " bytes");
        }
        int[] units = new int[size / Integer.BYTES];
        buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(units);
        byte[] replacements = new byte[buffer.remaining() - size];
        buffer.get(buffer.position() + size, replacements);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("character map's replacements are no UTF-8", e);
        }
        return new CharacterMap(units, replacements);
    }

    /**
     * The replacement for {@code text[from..to)}, which is that of the <em>shortest</em> entry that
     * it starts with, or {@link #NONE}.
     */
    int find(CharSequence text, int from, int to) {
        int node = offset(units[0]);
        for (int i = from; i < to; ) {
            int codePoint = Character.codePointAt(text, i);
            i += Character.charCount(codePoint);
            int length = utf8Length(codePoint);
            for (int following = length - 1; following >= 0; following--) {
                int label = utf8Byte(codePoint, length, following);
                int unit = unit(node ^ label);
                if (label == 0 || (unit & LABEL) != label) {
                    return NONE;
                }
                node ^= label ^ offset(unit);
                if ((unit & LEAF) != 0) {
                    return value(unit(node));
                }
            }
        }
        return NONE;
    }

    /** The bytes that a code point has in UTF-8, 1 to 4. */
    static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** Appends replacement {@code found} to {@code target}; the number of its code points. */
    int append(int found, NormalText target) {
        int count = 0;
        int at = found;
        while (at < replacements.length && replacements[at] != 0) {
            int first = replacements[at++];
            int following = first >= 0 ? 0 : first < (byte) 0xE0 ? 1 : first < (byte) 0xF0 ? 2 : 3;
            int codePoint = following == 0 ? first : first & (0x3F >> following);
            for (int i = 0; i < following; i++) {
                codePoint = (codePoint << 6) | (replacements[at++] & 0x3F);
            }
            target.append(codePoint, 0);
            count++;
        }
        return count;
    }

    /** A unit that carries no label where {@code place} is outside the array. */
    private int unit(int place) {
        return place >= 0 && place < units.length ? units[place] : -1;
    }

    private int value(int unit) {
        int value = unit & Integer.MAX_VALUE;
        return value <= replacements.length ? value : NONE;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & WIDE) >>> 6);
    }

    /** The byte of {@code codePoint} that has {@code following} others behind it, 0..255. */
    private static int utf8Byte(int codePoint, int length, int following) {
        int bits = codePoint >>> (6 * following);
        if (length == 1) {
            return bits;
        }
        int first = (0xF00 >>> length) & 0xFF;
        return following == length - 1 ? first | bits : 0x80 | (bits & 0x3F);
    }
}
