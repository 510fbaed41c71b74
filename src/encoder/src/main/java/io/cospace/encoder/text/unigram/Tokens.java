package io.cospace.encoder.text.unigram;

import java.util.Arrays;
import java.util.List;

/** The tokens of one text, in parallel arrays that belong to whoever asked for the tokens. */
public final class Tokens {

    /** The start of a token that stands for none of the text: behind everything. */
    public static final int NOWHERE = Integer.MAX_VALUE;

    private final int[] ids;
    private final int[] starts;
    private final int[] ends;

    /**
     * @param ids the ids, special tokens included
     * @param starts for each token the UTF-16 index in the text where it starts; {@link #NOWHERE}
     *     for one that stands for none of the text
     * @param ends for each token the UTF-16 index behind its last character; 0 for one that stands
     *     for none of the text
     */
    public Tokens(int[] ids, int[] starts, int[] ends) {
        this.ids = ids;
        this.starts = starts;
        this.ends = ends;
    }

    /** The ids. */
    public int[] ids() {
        return ids;
    }

    /** Where each token starts. */
    public int[] starts() {
        return starts;
    }

    /** Where each token ends. */
    public int[] ends() {
        return ends;
    }

    /** Takes tokens one by one, with their spelling where it is asked for. */
    static final class Builder {

        private int[] ids;
        private int[] starts;
        private int[] ends;
        private int length;
        private final List<String> spelling;
        private final boolean spell;

        /**
         * @param spelling where the tokens' spelling goes when {@code spell} holds
         */
        Builder(int capacity, boolean spell, List<String> spelling) {
            ids = new int[capacity];
            starts = new int[capacity];
            ends = new int[capacity];
            this.spell = spell;
            this.spelling = spelling;
        }

        boolean spells() {
            return spell;
        }

        void add(int id, int start, int end) {
            if (length == ids.length) {
                int capacity = 2 * length + 8;
                ids = Arrays.copyOf(ids, capacity);
                starts = Arrays.copyOf(starts, capacity);
                ends = Arrays.copyOf(ends, capacity);
            }
            ids[length] = id;
            starts[length] = start;
            ends[length++] = end;
        }

        void spell(String token) {
            spelling.add(token);
        }

        Tokens build() {
            return new Tokens(
                    Arrays.copyOf(ids, length),
                    Arrays.copyOf(starts, length),
                    Arrays.copyOf(ends, length));
        }
    }
}
