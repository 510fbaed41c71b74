package io.cospace.encoder.text.unigram;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that are cut out of a text as they stand, before anything else is done. Immutable. */
final class AddedTokens {

    /**
     * One of them.
     *
     * @param id of the vocabulary
     * @param content what stands in the text, not empty
     * @param stripsLeft whether white space before it belongs to it
     */
    record Added(int id, String content, boolean stripsLeft) {}

    /** The longest first: of two that match at one place the library takes the longer one. */
    private final List<Added> tokens;

    AddedTokens(List<Added> tokens) {
        this.tokens =
                tokens.stream()
                        .sorted(Comparator.comparingInt((Added t) -> -t.content().length()))
                        .toList();
    }

    /** What takes the parts of a text, in their order. */
    interface Parts {

        /** A part between added tokens, {@code from < to}. */
        void text(int from, int to);

        /** An added token, white space before it included. */
        void token(Added token, int from, int to);
    }

    void split(String text, Parts target) {
        int done = 0;
        for (int at = 0; at < text.length(); ) {
            Added token = at(text, at);
            if (token == null) {
                at++;
                continue;
            }
            int from = token.stripsLeft() ? spaceBefore(text, done, at) : at;
            if (done < from) {
                target.text(done, from);
            }
            at += token.content().length();
            target.token(token, from, at);
            done = at;
        }
        if (done < text.length()) {
            target.text(done, text.length());
        }
    }

    private @Nullable Added at(String text, int at) {
        char unit = text.charAt(at);
        for (Added token : tokens) {
            if (token.content().charAt(0) == unit && text.startsWith(token.content(), at)) {
                return token;
            }
        }
        return null;
    }

    /** Where the white space that ends at {@code at} starts, not before {@code from}. */
    private static int spaceBefore(String text, int from, int at) {
        int start = at;
        while (start > from && Characters.isSpace(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }
}
