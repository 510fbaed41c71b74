package io.cospace.service.embedding;

import io.cospace.encoder.text.TokenizedText;

/**
 * What the text tower reads for one row of a batch.
 *
 * @param tokens at most as many as the model reads
 */
public record TextRow(TokenizedText tokens) {}
