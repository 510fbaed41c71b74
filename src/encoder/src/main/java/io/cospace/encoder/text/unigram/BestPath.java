package io.cospace.encoder.text.unigram;

import java.util.Arrays;

/**
 * Splits a word into the pieces whose scores have the largest sum (Viterbi); of equal sums the one
 * that was found first, going from left to right and from short to long. Runs of unknown code
 * points become one token. Linear in the word's length. Not safe for use by many threads.
 */
final class BestPath {

    private final Vocabulary vocabulary;

    /** The word in UTF-16 units, and for each its index in the original. */
    private char[] units = new char[64];

    private int[] origins = new int[64];
    private int length;

    /** For each index of the word: the best sum up to it, and the last piece on that path. */
    private double[] sums = new double[65];

    private int[] ids = new int[65];

    /** Where that piece starts; -1 where no path ends. */
    private int[] starts = new int[65];

    BestPath(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Forgets the word. */
    void clear() {
        length = 0;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Appends a unit of the word that came of the original's code point at {@code origin}. */
    void append(char unit, int origin) {
        if (length == units.length) {
            int capacity = 2 * length;
            units = Arrays.copyOf(units, capacity);
            origins = Arrays.copyOf(origins, capacity);
            sums = new double[capacity + 1];
            ids = new int[capacity + 1];
            starts = new int[capacity + 1];
        }
        units[length] = unit;
        origins[length++] = origin;
    }

    /** Adds the word's tokens to {@code target}; their places are indices in {@code original}. */
    void tokens(CharSequence original, Tokens.Builder target) {
        Arrays.fill(starts, 0, length + 1, -1);
        sums[0] = 0;
        for (int at = 0; at < length; ) {
            int width = width(at);
            boolean single = pieces(at, width);
            if (!single) {
                offer(at, at + width, vocabulary.unknown(), vocabulary.unknownScore());
            }
            at += width;
        }
        int first = turn();
        emit(first, original, target);
    }

    /** Offers every piece that starts at {@code at}; whether one is just the code point there. */
    private boolean pieces(int at, int width) {
        PieceTable table = vocabulary.pieces();
        boolean single = false;
        int prefix = PieceTable.ROOT;
        for (int end = at; end < length; ) {
            prefix = table.step(prefix, units[end++]);
            if (prefix == PieceTable.NONE) {
                break;
            }
            int id = table.id(prefix);
            if (id >= 0) {
                offer(at, end, id, vocabulary.score(id));
                single |= end - at == width;
            }
        }
        return single;
    }

    private void offer(int from, int to, int id, double score) {
        double sum = score + sums[from];
        if (starts[to] < 0 || sum > sums[to]) {
            sums[to] = sum;
            ids[to] = id;
            starts[to] = from;
        }
    }

    /**
     * Turns the best path round: from each of its indices {@code starts} then leads to the next
     * one, where the id of the piece between the two is.
     *
     * @return the index behind the first piece
     */
    private int turn() {
        int next = length;
        int at = length;
        while (at > 0) {
            int before = starts[at];
            starts[at] = next;
            next = at;
            at = before;
        }
        return next;
    }

    private void emit(int first, CharSequence original, Tokens.Builder target) {
        int unknown = vocabulary.unknown();
        int from = 0;
        int to = first;
        while (from < length) {
            int id = ids[to];
            while (id == unknown && to < length && ids[starts[to]] == unknown) {
                to = starts[to];
            }
            int last = origins[to - 1];
            target.add(
                    id,
                    origins[from],
                    last + Character.charCount(Character.codePointAt(original, last)));
            if (target.spells()) {
                target.spell(new String(units, from, to - from));
            }
            from = to;
            to = starts[to];
        }
    }

    private int width(int at) {
        return Character.isHighSurrogate(units[at]) ? 2 : 1;
    }
}
