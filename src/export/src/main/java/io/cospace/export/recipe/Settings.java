package io.cospace.export.recipe;

import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import java.util.List;

/**
 * The settings of the default model. Their reasons and what else was tried stand in the document of
 * the recipe; the figures they lead to, in the bundle's run.json.
 */
final class Settings {
    /** Whitening of all text dimensions by the fourth root of the variance. */
    static final double EXPONENT = 0.25;

    static final double FLOOR = 1e-4;

    /** multilingual-e5 was trained with a prompt; this one is for symmetric use, as here. */
    static final String PROMPT = "query: ";

    /** Side of the picture that the backbone was trained on, in pixels. */
    static final int IMAGE_SIDE = 224;

    /** Epsilon of the backbone's BatchNorm. */
    static final float IMAGE_EPSILON = 1e-3f;

    private static final Integer WHITE = 255;

    private Settings() {}

    /**
     * The middle square by a bicubic filter, alpha on white, {@code (v - 127) / 128}. All pictures
     * that are trained on are square, for which this and squashing are the same; of photographs
     * that are not, more find their caption so.
     */
    static Preprocessing preprocessing() {
        return new Preprocessing(
                IMAGE_SIDE,
                Preprocessing.Resize.SHORTEST,
                IMAGE_SIDE,
                Preprocessing.Interpolation.BICUBIC,
                1,
                List.of(127.0, 127.0, 127.0),
                List.of(128.0, 128.0, 128.0),
                List.of(WHITE, WHITE, WHITE));
    }

    /** Both tasks with the same prompt: captions and queries are alike here. */
    static TextFormat textFormat(int maxTokens) {
        return new TextFormat(
                maxTokens, TextFormat.Pooling.MEAN, new TextFormat.Prompts(PROMPT, PROMPT), null);
    }
}
