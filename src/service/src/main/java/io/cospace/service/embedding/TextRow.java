package io.cospace.service.embedding;

import io.cospace.encoder.text.TokenizedText;

/**
 * What the text tower reads for one row of a batch. Equal rows have equal results.
 *
 * @param tokens at most as many as the model reads
 * @param pooled whether the raw pooled row is wanted, which is one of several of a long text
 */
public record TextRow(TokenizedText tokens, boolean pooled) {}
