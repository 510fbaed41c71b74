package io.cospace.service.embedding;

import io.cospace.encoder.text.TokenizedText;
import java.util.List;

/**
 * Tokens in the order asked.
 *
 * @param inputs the texts as they came
 * @param texts what the model would read of each, uncut
 * @param times of which only the preparation is not 0
 */
public record TokenizeResult(
        Model model, List<Input.Text> inputs, List<TokenizedText> texts, StageTimes times) {}
