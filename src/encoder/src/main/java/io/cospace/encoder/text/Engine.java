package io.cospace.encoder.text;

import io.cospace.encoder.text.unigram.Tokens;
import io.cospace.encoder.text.unigram.UnigramTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What cuts a text into tokens: our own tokenizer where it does exactly what a {@code
 * tokenizer.json} says, else the native library. The choice matters at the start: for the 250,000
 * pieces of XLM-R the library takes five times as long and twenty times the memory.
 *
 * <p>Safe for use by many threads, not while it is being closed.
 */
sealed interface Engine extends AutoCloseable permits Engine.Own, LibraryEngine {

    /** All tokens of {@code text}, special ones around them; every surrogate must be paired. */
    Tokens encode(String text);

    /** The tokens of {@link #encode}, one for one, as the vocabulary spells them. */
    List<String> spell(String text);

    @Override
    void close();

    /**
     * Loads {@code file}; never reads from the network.
     *
     * @throws IOException when it cannot be read
     * @throws RuntimeException when it is not a tokenizer
     */
    static Engine open(Path file) throws IOException {
        Optional<UnigramTokenizer> own = own(file);
        return own.isPresent() ? new Own(own.get()) : LibraryEngine.open(file);
    }

    /** A file that is no JSON is left to the library: what it says of it is what users know. */
    private static Optional<UnigramTokenizer> own(Path file) {
        try {
            return UnigramTokenizer.open(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Holds nothing to close. */
    record Own(UnigramTokenizer tokenizer) implements Engine {

        @Override
        public Tokens encode(String text) {
            return tokenizer.encode(text);
        }

        @Override
        public List<String> spell(String text) {
            return tokenizer.spell(text);
        }

        @Override
        public void close() {}
    }
}
