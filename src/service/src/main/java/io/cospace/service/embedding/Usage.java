package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import java.util.List;

/**
 * What the model read for one call.
 *
 * @param tokens over all texts, prompts and special tokens included
 * @param images number of images
 */
public record Usage(long tokens, int images) {

    static Usage of(List<Outcome> outcomes) {
        long tokens = 0;
        int images = 0;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Vector vector) {
                tokens += vector.use() == null ? 0 : vector.use().tokensUsed();
                images += vector.modality() == Modality.IMAGE ? 1 : 0;
            }
        }
        return new Usage(tokens, images);
    }
}
