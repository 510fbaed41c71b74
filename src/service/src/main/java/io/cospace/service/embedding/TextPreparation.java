package io.cospace.service.embedding;

import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;

/** From a caller's text to the tokens that the model reads. */
final class TextPreparation {

    /**
     * A text that is ready for its tower.
     *
     * @param row what the model reads of it
     */
    record Prepared(TextRow row, TextUse use) {}

    private final TextEncoder encoder;
    private final Options options;
    private final int maxBytes;

    /**
     * @param maxBytes most bytes of a text in UTF-8
     */
    TextPreparation(TextEncoder encoder, Options options, int maxBytes) {
        this.encoder = encoder;
        this.options = options;
        this.maxBytes = maxBytes;
    }

    /**
     * @throws ProblemException when the text is too long for its bytes or its tokens
     * @throws io.cospace.encoder.error.TextException when it is empty or not well-formed
     */
    Prepared prepare(Input.Text input) {
        TokenizedText whole = tokenize(input);
        int tokens = whole.length();
        if (tokens <= encoder.maxTokens()) {
            return new Prepared(new TextRow(whole), new TextUse(tokens, tokens, false));
        }
        Side keep =
                switch (options.longText()) {
                    case TRUNCATE_END -> Side.START;
                    case TRUNCATE_START -> Side.END;
                    case REJECT ->
                            throw new ProblemException(
                                    new Problem.TextTooLong(
                                            "text has %d tokens; the model reads at most %d"
                                                    .formatted(tokens, encoder.maxTokens())));
                };
        TokenizedText cut = encoder.truncate(whole, keep);
        return new Prepared(new TextRow(cut), new TextUse(tokens, cut.length(), true));
    }

    /** All tokens of a text behind the byte limit, never cut. */
    TokenizedText tokenize(Input.Text input) {
        long bytes = utf8Bytes(input.text());
        if (bytes > maxBytes) {
            throw new ProblemException(
                    new Problem.TextTooLong(
                            "text has %d bytes in UTF-8; at most %d are read"
                                    .formatted(bytes, maxBytes)));
        }
        Task task = input.task() == null ? options.task() : input.task();
        return encoder.tokenize(input.text(), task);
    }

    /** Length in UTF-8; a surrogate without its other half counts as the 3 bytes it would take. */
    static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                // Two surrogates make four bytes, so each of a pair adds one.
                boolean paired =
                        Character.isHighSurrogate(c)
                                ? i + 1 < text.length()
                                        && Character.isLowSurrogate(text.charAt(i + 1))
                                : Character.isLowSurrogate(c)
                                        && i > 0
                                        && Character.isHighSurrogate(text.charAt(i - 1));
                bytes += paired ? 1 : 2;
            } else if (c >= 0x80) {
                bytes += 1;
            }
        }
        return bytes;
    }
}
