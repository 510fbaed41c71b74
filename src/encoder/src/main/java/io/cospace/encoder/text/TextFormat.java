package io.cospace.encoder.text;

import org.jspecify.annotations.Nullable;

/**
 * How a text becomes tokens and a vector, as the bundle's manifest states it; the text tower's
 * counterpart of the image tower's preprocessing.
 *
 * @param maxTokens most tokens that the model reads at once, special tokens and prompt included
 * @param pooling how the graph makes one row of the token rows
 * @param prompts what stands before the text
 * @param wrap what stands around prompt and text; null when nothing does
 */
public record TextFormat(int maxTokens, Pooling pooling, Prompts prompts, @Nullable Wrap wrap) {

    /**
     * How token rows become one row; done inside the graph, stated here because it is part of the
     * vector space.
     */
    public enum Pooling {
        /** Mean of all tokens. */
        MEAN,
        /** Mean of all tokens behind the wrap's prefix, the suffix included. */
        MEAN_AFTER_PREFIX,
        /** The first token. */
        FIRST,
        /** The last token. */
        LAST
    }

    /**
     * Texts that stand before the caller's text; empty for none.
     *
     * @param query for {@link Task#QUERY}
     * @param document for {@link Task#DOCUMENT}
     */
    public record Prompts(String query, String document) {

        /** The prompt of {@code task}. */
        public String of(Task task) {
            return switch (task) {
                case QUERY -> query;
                case DOCUMENT -> document;
            };
        }
    }

    /**
     * A chat template's frame: {@code prefix + prompt + text + suffix}.
     *
     * @param strip whether white space at both ends of the caller's text is dropped first
     */
    public record Wrap(String prefix, String suffix, boolean strip) {}

    public TextFormat {
        if (maxTokens < 4 || maxTokens > 1 << 20) {
            throw new IllegalArgumentException(
                    "max_tokens is " + maxTokens + "; must be 4..1048576");
        }
    }
}
