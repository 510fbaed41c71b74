package io.cospace.encoder.text;

import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * A text as the model reads it: the head (special tokens, wrap and prompt), the content (the
 * caller's own text) and the tail (closing special tokens and wrap), with the place of every
 * content token in the caller's string. Immutable.
 */
public final class TokenizedText {

    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final int contentFrom;
    private final int contentTo;

    /**
     * @param ids all token ids, head and tail included; at least one
     * @param starts for each token the UTF-16 index in the caller's string where it starts; 0 or
     *     the string's length outside the content
     * @param ends for each token the UTF-16 index behind its last character
     * @param contentFrom index of the first content token
     * @param contentTo index behind the last content token
     */
    public TokenizedText(int[] ids, int[] starts, int[] ends, int contentFrom, int contentTo) {
        if (ids.length == 0 || starts.length != ids.length || ends.length != ids.length) {
            throw new IllegalArgumentException(
                    "%d ids, %d starts, %d ends; must be equal and not 0"
                            .formatted(ids.length, starts.length, ends.length));
        }
        if (contentFrom < 0 || contentTo < contentFrom || contentTo > ids.length) {
            throw new IllegalArgumentException(
                    "content is %d..%d of %d tokens".formatted(contentFrom, contentTo, ids.length));
        }
        this.ids = ids.clone();
        this.starts = starts.clone();
        this.ends = ends.clone();
        this.contentFrom = contentFrom;
        this.contentTo = contentTo;
    }

    /** Number of tokens, head and tail included: what the model reads and what a batch costs. */
    public int length() {
        return ids.length;
    }

    /** A copy of all token ids. */
    public int[] ids() {
        return ids.clone();
    }

    /** Id of token {@code index}, {@code 0 <= index < length()}. */
    public int id(int index) {
        return ids[index];
    }

    /**
     * UTF-16 index in the caller's string where token {@code index} starts; meaningful for content
     * tokens.
     */
    public int start(int index) {
        return starts[index];
    }

    /** UTF-16 index in the caller's string behind the last character of token {@code index}. */
    public int end(int index) {
        return ends[index];
    }

    /** Index of the first content token: the length of the head. */
    public int contentFrom() {
        return contentFrom;
    }

    /** Index behind the last content token. */
    public int contentTo() {
        return contentTo;
    }

    /** Number of tokens that come from the caller's text itself. */
    public int contentTokens() {
        return contentTo - contentFrom;
    }

    /** Number of tokens around the content: special tokens, wrap and prompt. */
    public int frameTokens() {
        return ids.length - contentTokens();
    }

    /**
     * The same head and tail around content tokens {@code from..to} (indices into this text's
     * tokens).
     */
    public TokenizedText slice(int from, int to) {
        if (from < contentFrom || to < from || to > contentTo) {
            throw new IllegalArgumentException(
                    "slice %d..%d is outside the content %d..%d"
                            .formatted(from, to, contentFrom, contentTo));
        }
        return new TokenizedText(
                cut(ids, from, to),
                cut(starts, from, to),
                cut(ends, from, to),
                contentFrom,
                contentFrom + to - from);
    }

    /** Writes all ids into {@code target} from its position on, as the int64 that graphs read. */
    public void copyTo(LongBuffer target) {
        for (int id : ids) {
            target.put(id);
        }
    }

    /**
     * Two texts are equal when the model reads the same tokens, wherever these stand in the
     * callers' strings.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof TokenizedText text && Arrays.equals(ids, text.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "TokenizedText["
                + ids.length
                + " tokens, content "
                + contentFrom
                + ".."
                + contentTo
                + "]";
    }

    private int[] cut(int[] source, int from, int to) {
        int tail = source.length - contentTo;
        int[] result = Arrays.copyOf(source, contentFrom + to - from + tail);
        System.arraycopy(source, from, result, contentFrom, to - from);
        System.arraycopy(source, contentTo, result, contentFrom + to - from, tail);
        return result;
    }
}
