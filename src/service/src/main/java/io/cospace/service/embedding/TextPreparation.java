package io.cospace.service.embedding;

import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.text.Chunks;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Windows;
import java.util.List;

/** From a caller's text to the tokens that the model reads. */
final class TextPreparation {

    private final TextEncoder encoder;
    private final Options options;
    private final Limits limits;

    TextPreparation(TextEncoder encoder, Options options, Limits limits) {
        this.encoder = encoder;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Tokenises a text and fits it to the model as the call says.
     *
     * @throws ProblemException when the text is too long for its bytes, its tokens or its windows
     * @throws io.cospace.encoder.error.TextException when it is empty or not well-formed
     */
    PreparedText prepare(Input.Text input) {
        TokenizedText whole = tokenize(input);
        int tokens = whole.length();
        boolean fits = tokens <= encoder.maxTokens();
        return switch (options.longText()) {
            case CHUNKS -> chunked(input.text(), whole);
            case POOL ->
                    fits
                            ? new PreparedText.Whole(
                                    new TextRow(whole, false),
                                    new TextUse(tokens, tokens, false, 1))
                            : pooled(whole);
            case REJECT -> {
                if (!fits) {
                    throw tooLong(
                            "text has %d tokens; the model reads at most %d"
                                    .formatted(tokens, encoder.maxTokens()));
                }
                yield whole(whole);
            }
            case TRUNCATE_END -> fits ? whole(whole) : cut(whole, Side.START);
            case TRUNCATE_START -> fits ? whole(whole) : cut(whole, Side.END);
        };
    }

    /** All tokens of a text behind the byte limit, never cut. */
    TokenizedText tokenize(Input.Text input) {
        long bytes = utf8Bytes(input.text());
        if (bytes > limits.textBytes()) {
            throw tooLong(
                    "text has %d bytes in UTF-8; at most %d are read"
                            .formatted(bytes, limits.textBytes()));
        }
        Task task = input.task() == null ? options.task() : input.task();
        return encoder.tokenize(input.text(), task);
    }

    private static PreparedText whole(TokenizedText whole) {
        return new PreparedText.Whole(new TextRow(whole, false), TextUse.whole(whole.length()));
    }

    private PreparedText cut(TokenizedText whole, Side keep) {
        TokenizedText cut = encoder.truncate(whole, keep);
        return new PreparedText.Whole(
                new TextRow(cut, false), new TextUse(whole.length(), cut.length(), true, 0));
    }

    private PreparedText pooled(TokenizedText whole) {
        checkWindows("windows", Windows.count(whole, encoder.maxTokens()));
        List<Windows.Window> windows = Windows.of(whole, encoder.maxTokens());
        int tokens = whole.length();
        return new PreparedText.Pooled(windows, new TextUse(tokens, tokens, false, windows.size()));
    }

    private PreparedText chunked(String text, TokenizedText whole) {
        int room = encoder.maxTokens() - whole.frameTokens();
        // At least so many: refuses a text of a megabyte before its sentences are looked for.
        checkWindows("chunks", Math.ceilDiv(whole.contentTokens(), room));
        List<Chunks.Chunk> chunks = Chunks.of(text, whole, encoder.maxTokens());
        checkWindows("chunks", chunks.size());
        return new PreparedText.Chunked(chunks, TextUse.whole(whole.length()));
    }

    private void checkWindows(String what, int count) {
        if (count > limits.windows()) {
            throw tooLong(
                    "text takes %d %s of %d tokens; at most %d are read"
                            .formatted(count, what, encoder.maxTokens(), limits.windows()));
        }
    }

    private static ProblemException tooLong(String detail) {
        return new ProblemException(new Problem.TextTooLong(detail));
    }

    /** Length in UTF-8; a surrogate without its other half counts as the 3 bytes it would take. */
    static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                // Two surrogates make four bytes, so each of a pair adds one.
                bytes += isPaired(text, i) ? 1 : 2;
            } else if (c >= 0x80) {
                bytes += 1;
            }
        }
        return bytes;
    }

    private static boolean isPaired(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && at > 0
                && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
