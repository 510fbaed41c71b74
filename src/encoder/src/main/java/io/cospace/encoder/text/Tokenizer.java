package io.cospace.encoder.text;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.text.unigram.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Text to token ids by a {@code tokenizer.json} of the Hugging Face tokenizers library, with ids
 * equal to that library's.
 *
 * <p>Time and memory grow linearly with the text, whatever its characters, up to {@value
 * #MAX_BYTES} bytes of UTF-8; the worst characters cost about 1.4 tokens a byte. Safe for use by
 * many threads at once; not while it is being closed.
 */
public final class Tokenizer implements AutoCloseable {

    /** Longest text that is read, in bytes of UTF-8, prompt not counted. */
    public static final int MAX_BYTES = 1_000_000;

    /** A text above this many characters counts as large. */
    private static final int LARGE_CHARACTERS = 1 << 16;

    private final Engine engine;

    /**
     * Large texts are encoded one at a time, since one may take 50 MB while it is, and half a
     * gigabyte of native memory in the library.
     */
    private final Semaphore large = new Semaphore(1);

    private final TextFormat format;

    private Tokenizer(Engine engine, TextFormat format) {
        this.engine = engine;
        this.format = format;
    }

    /**
     * Loads {@code file}; never reads from the network.
     *
     * @throws BundleException when the file is not a tokenizer, or prompts and special tokens leave
     *     no room for a text
     */
    public static Tokenizer open(Path file, TextFormat format) {
        String name = file.getFileName().toString();
        Tokenizer tokenizer;
        try {
            tokenizer = new Tokenizer(Engine.open(file), format);
        } catch (IOException | RuntimeException e) {
            throw new BundleException(name, "is not a tokenizer: " + e.getMessage(), e);
        }
        try {
            tokenizer.checkRoom(name);
            return tokenizer;
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Tokens of the whole {@code text} with everything that the model wants around it, never cut.
     *
     * @throws TextException when the text has no content, is too long, or is not well-formed
     */
    public TokenizedText tokenize(String text, Task task) {
        TextLimits.check(text, MAX_BYTES);
        TextFrame frame = TextFrame.of(text, task, format);
        TokenizedText tokens = arrange(run(engine::encode, frame.whole()), frame);
        if (tokens.contentTokens() == 0) {
            throw new TextException.Empty(
                    "text of " + text.length() + " characters has nothing that the model reads");
        }
        return tokens;
    }

    /**
     * The tokens of {@link #tokenize}, one for one, as the vocabulary spells them.
     *
     * @throws TextException as {@link #tokenize}
     */
    public List<String> pieces(String text, Task task) {
        TextLimits.check(text, MAX_BYTES);
        TextFrame frame = TextFrame.of(text, task, format);
        return run(engine::spell, frame.whole());
    }

    /**
     * At most {@code maxTokens} of the format: head and tail stay, the content keeps the given
     * side.
     */
    public TokenizedText truncate(TokenizedText text, Side keep) {
        int surplus = text.length() - format.maxTokens();
        if (surplus <= 0) {
            return text;
        }
        return switch (keep) {
            case START -> text.slice(text.contentFrom(), text.contentTo() - surplus);
            case END -> text.slice(text.contentFrom() + surplus, text.contentTo());
        };
    }

    @Override
    public void close() {
        engine.close();
    }

    private <T> T run(Function<String, T> work, String text) {
        boolean inTurn = text.length() >= LARGE_CHARACTERS;
        if (inTurn) {
            large.acquireUninterruptibly();
        }
        try {
            return work.apply(text);
        } catch (RuntimeException e) {
            throw new InferenceException(
                    "tokenizer failed on a text of " + text.length() + " characters", e);
        } finally {
            if (inTurn) {
                large.release();
            }
        }
    }

    private void checkRoom(String file) {
        for (Task task : Task.values()) {
            TextFrame frame = TextFrame.of("", task, format);
            int used = run(engine::encode, frame.whole()).ids().length;
            if (used >= format.maxTokens()) {
                throw new BundleException(
                        file,
                        "prompt and special tokens are %d of max_tokens %d; must leave room for a text"
                                .formatted(used, format.maxTokens()));
            }
        }
    }

    /** Splits tokens into head, content and tail by where their characters stand. */
    private static TokenizedText arrange(Tokens tokens, TextFrame frame) {
        int[] starts = tokens.starts();
        int[] ends = tokens.ends();
        int from = 0;
        int to = starts.length;
        while (from < to && !frame.reachesText(ends[from])) {
            from++;
        }
        while (to > from && frame.isBehindText(starts[to - 1])) {
            to--;
        }
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i < from ? 0 : frame.toCaller(starts[i]);
            ends[i] = i < from ? 0 : frame.toCaller(ends[i]);
        }
        return new TokenizedText(tokens.ids(), starts, ends, from, to);
    }
}
