package io.cospace.service.embedding;

/**
 * What became of a text.
 *
 * @param tokens of the whole text, prompt and special tokens included
 * @param tokensUsed those that the model read
 * @param truncated whether a part of the text was not read
 */
public record TextUse(int tokens, int tokensUsed, boolean truncated) {}
