package io.cospace.service.embedding;

/**
 * What became of a text.
 *
 * @param tokens of the whole text, prompt and special tokens included
 * @param tokensUsed those that the model read
 * @param truncated whether a part of the text was not read
 * @param windows how many windows made its vector; 0 where that was not asked for
 */
public record TextUse(int tokens, int tokensUsed, boolean truncated, int windows) {

    /** A text that was read as it is. */
    static TextUse whole(int tokens) {
        return new TextUse(tokens, tokens, false, 0);
    }
}
