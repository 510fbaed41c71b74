package io.cospace.encoder.text.unigram;

import io.cospace.encoder.text.unigram.AddedTokens.Added;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts out added tokens, replaces characters by SentencePiece's map, splits at white space, marks
 * the start of each word by U+2581, and takes the best pieces of each word.
 *
 * <p>Ids and places equal those of Hugging Face's tokenizers 0.21, down to where that looks odd: a
 * grapheme cluster of less than six bytes is replaced by what its first characters become, and
 * dropped characters count for the one before.
 *
 * <p>Time and memory grow linearly with the text. Safe for use by many threads.
 */
public final class UnigramTokenizer {

    /** Marks the start of a word. */
    static final char MARK = '\u2581';

    /** Clusters of at least so many bytes of UTF-8 are looked up code point by code point. */
    private static final int LONG_CLUSTER = 6;

    private final Vocabulary vocabulary;
    private final CharacterMap map;
    private final Characters characters;
    private final AddedTokens added;
    private final List<Added> head;
    private final List<Added> tail;

    /**
     * @param head special tokens before every text
     * @param tail special tokens behind every text
     */
    UnigramTokenizer(
            Vocabulary vocabulary,
            CharacterMap map,
            AddedTokens added,
            List<Added> head,
            List<Added> tail) {
        this.vocabulary = vocabulary;
        this.map = map;
        this.characters = new Characters(map);
        this.added = added;
        this.head = List.copyOf(head);
        this.tail = List.copyOf(tail);
    }

    /**
     * Reads {@code file}, a {@code tokenizer.json}.
     *
     * @return empty when the file asks for anything that is not done here, exactly so
     * @throws IOException when the file cannot be read, or is not JSON
     */
    public static Optional<UnigramTokenizer> open(Path file) throws IOException {
        return TokenizerJson.read(file);
    }

    /** The tokens of {@code text}, special ones around them; every surrogate must be paired. */
    public Tokens encode(String text) {
        Tokens.Builder tokens = new Tokens.Builder(text.length() / 3 + 8, false, List.of());
        run(text, tokens);
        return tokens.build();
    }

    /** The tokens of {@link #encode}, one for one, as the vocabulary spells them. */
    public List<String> spell(String text) {
        List<String> spelling = new ArrayList<>();
        run(text, new Tokens.Builder(text.length() / 3 + 8, true, spelling));
        return List.copyOf(spelling);
    }

    private void run(String text, Tokens.Builder tokens) {
        special(head, tokens);
        added.split(text, new Run(text, tokens));
        special(tail, tokens);
    }

    private static void special(List<Added> specials, Tokens.Builder tokens) {
        for (Added special : specials) {
            tokens.add(special.id(), Tokens.NOWHERE, 0);
            if (tokens.spells()) {
                tokens.spell(special.content());
            }
        }
    }

    /** One text on its way. */
    private final class Run implements AddedTokens.Parts {

        private final String text;
        private final Tokens.Builder tokens;
        private final NormalText normal;
        private final BestPath word = new BestPath(vocabulary);

        Run(String text, Tokens.Builder tokens) {
            this.text = text;
            this.tokens = tokens;
            normal = new NormalText(text.length() + 8);
        }

        @Override
        public void token(Added token, int from, int to) {
            tokens.add(token.id(), from, to);
            if (tokens.spells()) {
                tokens.spell(text.substring(from, to));
            }
        }

        @Override
        public void text(int from, int to) {
            normal.clear();
            normalise(from, to);
            normal.align(text, from, to);
            words();
        }

        private void normalise(int from, int to) {
            for (int at = from; at < to; ) {
                char unit = text.charAt(at);
                if (characters.isPlain(unit)
                        && (at + 1 == to || characters.isAlone(text.charAt(at + 1)))) {
                    normal.keep(unit);
                    at++;
                } else {
                    int end = GraphemeClusters.end(text, at, to);
                    cluster(at, end);
                    at = end;
                }
            }
        }

        private void cluster(int from, int to) {
            if (bytes(from, to) < LONG_CLUSTER && replace(from, to)) {
                return;
            }
            for (int at = from; at < to; ) {
                int codePoint = text.codePointAt(at);
                int next = at + Character.charCount(codePoint);
                if (!replace(at, next)) {
                    normal.append(codePoint, 0);
                }
                at = next;
            }
        }

        private boolean replace(int from, int to) {
            int found = map.find(text, from, to);
            if (found == CharacterMap.NONE) {
                return false;
            }
            int addedCodePoints = map.append(found, normal);
            normal.replaced(text.codePointCount(from, to), addedCodePoints);
            return true;
        }

        /** Bytes of UTF-8, counted to no more than matters. */
        private int bytes(int from, int to) {
            int bytes = 0;
            for (int at = from; at < to && bytes < LONG_CLUSTER; ) {
                int codePoint = text.codePointAt(at);
                bytes += CharacterMap.utf8Length(codePoint);
                at += Character.charCount(codePoint);
            }
            return bytes;
        }

        /** Every mark starts a word of its own; a word without one gets one. */
        private void words() {
            boolean inside = false;
            word.clear();
            for (int i = 0; i < normal.length(); i++) {
                char unit = normal.unit(i);
                if (Characters.isSpace(unit)) {
                    flush();
                    inside = false;
                    continue;
                }
                if (unit == MARK) {
                    flush();
                } else if (!inside) {
                    word.append(MARK, normal.origin(i));
                }
                inside = true;
                word.append(unit, normal.origin(i));
            }
            flush();
        }

        private void flush() {
            if (!word.isEmpty()) {
                word.tokens(text, tokens);
                word.clear();
            }
        }
    }
}
