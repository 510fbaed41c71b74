package io.cospace.encoder.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * A long text as consecutive chunks that the model can read one by one, each with its place in the
 * caller's string. A chunk takes as many whole sentences as fit; a sentence that is longer than a
 * chunk is cut between words, a longer word between characters as a reader sees them (grapheme
 * clusters, so never inside a surrogate pair or before a combining mark). Borders are found by the
 * rules of {@link BreakIterator}, the same for every language.
 */
public final class Chunks {

    private final String text;
    private final TokenizedText tokens;
    private final int room;

    /** Sets of UTF-16 indices, best kind first; only the last may hold one inside a cluster. */
    private final List<BitSet> borders;

    private Chunks(String text, TokenizedText tokens, int room) {
        this.text = text;
        this.tokens = tokens;
        this.room = room;
        BitSet clusters = borders(text, BreakIterator.getCharacterInstance(Locale.ROOT));
        BitSet sentences = borders(text, BreakIterator.getSentenceInstance(Locale.ROOT));
        BitSet words = borders(text, BreakIterator.getWordInstance(Locale.ROOT));
        sentences.and(clusters);
        words.and(clusters);
        this.borders = List.of(sentences, words, clusters, everywhere(text));
    }

    /**
     * One chunk.
     *
     * @param start UTF-16 index in the caller's string of its first character
     * @param end UTF-16 index behind its last character
     * @param tokens head, the chunk's part of the content, and tail
     */
    public record Chunk(int start, int end, TokenizedText tokens) {}

    /** Where a chunk ends: before token {@code token}, at index {@code border} of the string. */
    private record Cut(int token, int border) {}

    /**
     * Cuts {@code tokens}, which must be those of {@code text}, into chunks of at most {@code
     * maxTokens} tokens. Every content token is in one chunk, and so is every character but the
     * white space at the borders. (Only a single character of more tokens than a chunk has room for
     * is spread, whole, over several.)
     */
    public static List<Chunk> of(String text, TokenizedText tokens, int maxTokens) {
        return new Chunks(text, tokens, Windows.room(tokens, maxTokens)).cut();
    }

    private List<Chunk> cut() {
        List<Chunk> chunks = new ArrayList<>();
        Cut from = new Cut(tokens.contentFrom(), 0);
        while (from.token < tokens.contentTo()) {
            Cut to = next(from.token);
            int end = stripTrailing(from.border, Math.max(to.border, tokens.end(to.token - 1)));
            chunks.add(
                    new Chunk(
                            stripLeading(from.border, end),
                            end,
                            tokens.slice(from.token, to.token)));
            from = to;
        }
        return List.copyOf(chunks);
    }

    /**
     * The end of the chunk that starts at token {@code from}: as late as there is room, at the best
     * kind of border.
     */
    private Cut next(int from) {
        int latest = Math.min(from + room, tokens.contentTo());
        if (latest == tokens.contentTo()) {
            return new Cut(latest, text.length());
        }
        for (BitSet kind : borders) {
            for (int to = latest; to > from; to--) {
                int border = kind.nextSetBit(tokens.end(to - 1));
                if (border >= 0 && border <= visibleStart(to)) {
                    return new Cut(to, border);
                }
            }
        }
        return new Cut(latest, tokens.start(latest));
    }

    /**
     * Where token {@code index} starts without white space: some tokenizers count the space before
     * a word to it.
     */
    private int visibleStart(int index) {
        return stripLeading(tokens.start(index), tokens.end(index));
    }

    private int stripLeading(int from, int to) {
        int at = from;
        while (at < to && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int stripTrailing(int from, int to) {
        int at = to;
        while (at > from && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isSpace(char unit) {
        return Character.isWhitespace(unit) || Character.isSpaceChar(unit);
    }

    /**
     * The last resort, for a cluster that is longer than a chunk: between any two tokens that share
     * no character.
     */
    private static BitSet everywhere(String text) {
        BitSet borders = new BitSet(text.length() + 1);
        borders.set(0, text.length() + 1);
        return borders;
    }

    private static BitSet borders(String text, BreakIterator iterator) {
        BitSet borders = new BitSet(text.length() + 1);
        iterator.setText(text);
        for (int at = iterator.first(); at != BreakIterator.DONE; at = iterator.next()) {
            borders.set(at);
        }
        return borders;
    }
}
