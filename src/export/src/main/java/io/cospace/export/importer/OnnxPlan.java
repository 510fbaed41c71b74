package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TextFormat.Pooling;
import io.cospace.encoder.text.TextFormat.Prompts;
import io.cospace.export.foreign.ForeignGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/**
 * How the graphs of a folder are used.
 *
 * @param form what the manifest will say
 * @param tokenizer content of {@code tokenizer.json}
 * @param length of the texts that the text graph must be given; -1 for any
 * @param padding id to fill them up with
 */
@SuppressWarnings("ArrayRecordComponent") // internal; never compared
record OnnxPlan(BundleForm form, byte[] tokenizer, int length, int padding) {
    private static final int CLIP_TOKENS = 77;

    /**
     * Scale of OpenAI's and most other trained CLIP models: the limit of the training (Radford et
     * al. 2021, section 2.5).
     */
    private static final double CLIP_SCALE = 100;

    /**
     * SigLIP's initial values (Zhai et al. 2023, section 3.2), where the trained ones are unknown.
     */
    private static final double SIGLIP_SCALE = 10;

    private static final double SIGLIP_BIAS = -10;

    static OnnxPlan of(OnnxFolder folder, ImportOptions options) {
        JsonNode config = folder.config();
        boolean siglip = config.path("model_type").asText().startsWith("siglip");
        ForeignGraph image = ForeignGraph.read(first(folder.image().values()));
        ForeignGraph text = ForeignGraph.read(first(folder.text().values()));
        int dimensions = image.imageDimensions();
        if (text.textDimensions() != dimensions) {
            throw new ImportException(
                    folder.folder(),
                    "the image graph gives %d values, the text graph %d"
                            .formatted(dimensions, text.textDimensions()));
        }
        JsonNode textConfig = config.path("text_config");
        int length = text.textLength();
        int positions = textConfig.path("max_position_embeddings").asInt(siglip ? 64 : CLIP_TOKENS);
        if (siglip && length < 0) {
            // SigLIP was trained on texts padded to the full length, and reads the last place.
            length = positions;
        }
        BundleForm form =
                new BundleForm(
                        format(options, length > 0 ? length : positions),
                        TextInputs.PADDED,
                        preprocessing(folder, image.imageSide(), siglip),
                        siglip || options.logitBias().isPresent() ? Score.SIGMOID : Score.SOFTMAX,
                        options.logitScale().orElse(siglip ? SIGLIP_SCALE : CLIP_SCALE),
                        options.logitBias().orElse(siglip ? SIGLIP_BIAS : 0),
                        dimensions);
        byte[] tokenizer = tokenizer(folder, options);
        int own = textConfig.path("pad_token_id").asInt(siglip ? 1 : 0);
        return new OnnxPlan(form, tokenizer, length, padding(tokenizer, own));
    }

    /** The tokenizer's padding, else the model's. */
    private static int padding(byte[] tokenizer, int otherwise) {
        try {
            return JsonFile.MAPPER
                    .readTree(tokenizer)
                    .path("padding")
                    .path("pad_id")
                    .asInt(otherwise);
        } catch (IOException e) {
            throw new ImportException("the tokenizer is no JSON: " + e.getMessage());
        }
    }

    private static TextFormat format(ImportOptions options, int maxTokens) {
        return new TextFormat(
                options.maxTokens().orElse(maxTokens),
                Pooling.LAST,
                new Prompts(options.queryPrompt().orElse(""), options.documentPrompt().orElse("")),
                null);
    }

    private static Preprocessing preprocessing(OnnxFolder folder, int side, boolean siglip) {
        Optional<Path> huggingFace = folder.file("preprocessor_config.json");
        Optional<Path> openClip = folder.file("preprocess_cfg.json");
        Preprocessing found;
        if (huggingFace.isPresent()) {
            found = ImageConfig.huggingFace(huggingFace.get());
        } else if (openClip.isPresent()) {
            found = ImageConfig.openClipFile(openClip.get(), side);
        } else if (side > 0) {
            found = siglip ? ImageConfig.siglip(side) : ImageConfig.clip(side);
        } else {
            throw new ImportException(
                    folder.folder(),
                    "holds no preprocessor_config.json, and its image graph reads any size");
        }
        if (side > 0 && found.crop() != side) {
            throw new ImportException(
                    folder.folder(),
                    "images are prepared at %d px, but the graph reads %d px"
                            .formatted(found.crop(), side));
        }
        return found;
    }

    private static byte[] tokenizer(OnnxFolder folder, ImportOptions options) {
        Path file =
                options.tokenizer()
                        .or(() -> folder.file("tokenizer.json"))
                        .orElseThrow(() ->
                                new ImportException(
                                        folder.folder(),
                                        "holds no tokenizer.json; name one with --tokenizer FILE"));
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path first(Collection<Path> files) {
        return files.iterator().next();
    }
}
