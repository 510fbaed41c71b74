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
            switch (outcome) {
                case Outcome.Vector(_, Modality modality, TextUse use, _) -> {
                    tokens += use == null ? 0 : use.tokensUsed();
                    images += modality == Modality.IMAGE ? 1 : 0;
                }
                case Outcome.Chunked(_, TextUse use, _) -> tokens += use.tokensUsed();
                case Outcome.Failed _, Outcome.Skipped _ -> {}
            }
        }
        return new Usage(tokens, images);
    }
}
