package io.cospace.encoder.text.unigram;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code vocab} of a Unigram model, {@code [["piece", score], ...]}, straight from the
 * bytes of a {@code tokenizer.json}: there are a quarter of a million pieces, and a service waits
 * for them at its start, when a general JSON parser is not compiled yet and takes five times as
 * long. What is not written as expected ends the scan; the caller then leaves the file to others.
 */
final class VocabularyScanner {

    private static final int LONGEST_PIECE = 1 << 12;

    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";

    private final JsonBytes json;
    private final PieceTable pieces;
    private final char[] piece = new char[LONGEST_PIECE];
    private double[] scores = new double[1 << 12];
    private int count;
    private boolean full;

    private VocabularyScanner(JsonBytes json, int tableBits) {
        this.json = json;
        pieces = new PieceTable(tableBits);
    }

    /**
     * Reads the array that starts at byte {@code from} of {@code file}; null when there is none to
     * its end, or a piece is too long or too many to be kept.
     */
    static @Nullable VocabularyScanner scan(byte[] file, int from) {
        for (int bits = tableBits(file.length); bits <= PieceTable.MAX_BITS; bits++) {
            VocabularyScanner scanner = new VocabularyScanner(new JsonBytes(file, from), bits);
            if (scanner.array()) {
                return scanner;
            }
            if (!scanner.full) {
                return null;
            }
        }
        return null;
    }

    PieceTable pieces() {
        return pieces;
    }

    /** Of each piece, by id. */
    double[] scores() {
        return Arrays.copyOf(scores, count);
    }

    /** Index of the byte behind the array. */
    int end() {
        return json.position();
    }

    /** About twice the places that are used: a piece has 36 bytes in the file, and 2 places. */
    private static int tableBits(int bytes) {
        int bits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, bytes / 8));
        return Math.clamp(bits, 4, PieceTable.MAX_BITS);
    }

    private boolean array() {
        if (!json.skip('[')) {
            return false;
        }
        if (json.skip(']')) {
            return true;
        }
        do {
            if (!entry()) {
                return false;
            }
        } while (json.skip(','));
        return json.skip(']');
    }

    private boolean entry() {
        if (!json.skip('[') || !json.skip('"')) {
            return false;
        }
        int length = string();
        if (length < 0 || count == PieceTable.MAX_PIECES) {
            return false;
        }
        if (!pieces.add(piece, 0, length, count)) {
            full = true;
            return false;
        }
        if (count == scores.length) {
            scores = Arrays.copyOf(scores, 2 * count);
        }
        if (!json.skip(',')) {
            return false;
        }
        double score = json.number();
        scores[count++] = score;
        return !Double.isNaN(score) && json.skip(']');
    }

    /** Reads up to the closing quote into {@link #piece}; the number of units, or -1. */
    private int string() {
        int length = 0;
        while (length < LONGEST_PIECE - 1) {
            int unit = json.read();
            if (unit == '"') {
                return length;
            }
            int codePoint = unit;
            if (unit >= 0x80) {
                codePoint = json.codePoint(unit);
            } else if (unit == '\\') {
                codePoint = escaped();
            } else if (unit < ' ') {
                return -1;
            }
            if (codePoint < 0) {
                return -1;
            }
            length += Character.toChars(codePoint, piece, length);
        }
        return -1;
    }

    /** The code point of an escape behind its backslash, -1 for half a pair and nonsense. */
    private int escaped() {
        int letter = json.read();
        int meant = ESCAPED.indexOf(letter);
        if (meant >= 0) {
            return MEANT.charAt(meant);
        }
        int unit = letter == 'u' ? json.hex() : -1;
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            return unit;
        }
        int low = json.read() == '\\' && json.read() == 'u' ? json.hex() : -1;
        return low >= 0 && Character.isSurrogatePair((char) unit, (char) low)
                ? Character.toCodePoint((char) unit, (char) low)
                : -1;
    }
}
