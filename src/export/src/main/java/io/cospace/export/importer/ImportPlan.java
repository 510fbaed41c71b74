package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TextFormat.Prompts;
import io.cospace.export.graph.Part.Adapter;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a bundle needs and the weights do not tell: how texts and images are read, and
 * how a cosine becomes a score.
 *
 * @param parts the towers and where they lie
 * @param pooling of the text graph
 * @param skipsPrefix whether the mean leaves out the tokens before the text
 * @param format how texts are read
 * @param dense folders of dense layers behind the text tower
 * @param preprocessing how images are read
 * @param tokenizer content of {@code tokenizer.json}
 * @param rawAdapterInput whether the adapter takes rows as they are
 * @param score how a cosine becomes a probability
 * @param logitScale factor on the cosine
 * @param logitBias added after it
 */
@SuppressWarnings("ArrayRecordComponent") // internal; never compared
record ImportPlan(
        ImportParts parts,
        Pooling pooling,
        boolean skipsPrefix,
        TextFormat format,
        List<Path> dense,
        Preprocessing preprocessing,
        byte[] tokenizer,
        boolean rawAdapterInput,
        Score score,
        double logitScale,
        double logitBias) {
    /** Initial value of CLIP's scale, 1 / 0.07 (Radford et al. 2021, section 2.5). */
    private static final double CLIP_SCALE = 1 / 0.07;

    private static final int CLIP_WORDS = 49408;

    /**
     * Reads configurations.
     *
     * @throws ImportException for what is missing, or not computed here
     */
    static ImportPlan of(ImportParts parts, ImportOptions options) {
        Placed<TextTower> text = parts.text();
        TextConfig config =
                TextConfig.read(text.source().folder(), text.source().config(), text.part());
        Prompts prompts =
                new Prompts(
                        options.queryPrompt().orElse(config.prompts().query()),
                        options.documentPrompt().orElse(config.prompts().document()));
        TextFormat format =
                new TextFormat(
                        options.maxTokens().orElse(config.maxTokens()),
                        pooling(config),
                        prompts,
                        config.wrap());
        if (format.maxTokens() > text.part().maxTokens()) {
            throw new ImportException(
                    "max_tokens is %d; the text tower reads at most %d"
                            .formatted(format.maxTokens(), text.part().maxTokens()));
        }
        if (parts.adapter().isPresent() && !config.dense().isEmpty()) {
            throw new ImportException(
                    text.source().path(), "has dense layers, and an adapter was named as well");
        }
        parts.adapter().ifPresent(adapter -> checkSizes(parts, adapter.part()));
        Optional<Double> bias =
                options.logitBias().isPresent()
                        ? Optional.of(options.logitBias().getAsDouble())
                        : scalar(parts, "logit_bias");
        return new ImportPlan(
                parts,
                config.pooling(),
                config.meanBehindPrefix(),
                format,
                config.dense(),
                preprocessing(parts.image(), options.imageSize().isPresent()),
                tokenizer(text, options),
                options.rawAdapterInput().orElse(isSiglip(parts.image().part())),
                bias.isPresent() ? Score.SIGMOID : Score.SOFTMAX,
                options.logitScale()
                        .orElseGet(() ->
                                scalar(parts, "logit_scale")
                                        .map(Math::exp)
                                        .orElseGet(() -> configScale(parts))),
                bias.orElse(0.0));
    }

    /** What the manifest says of it. */
    BundleForm form() {
        return new BundleForm(
                format,
                TextInputs.PACKED,
                preprocessing,
                score,
                logitScale,
                logitBias,
                parts.image().part().dimensions());
    }

    private static void checkSizes(ImportParts parts, Adapter adapter) {
        int features = parts.text().part().features();
        int dimensions = parts.image().part().dimensions();
        if (adapter.features() != features || adapter.dimensions() != dimensions) {
            throw new ImportException(
                    "the adapter leads from %d to %d values; the embedder gives %d, the image tower %d"
                            .formatted(
                                    adapter.features(),
                                    adapter.dimensions(),
                                    features,
                                    dimensions));
        }
    }

    private static TextFormat.Pooling pooling(TextConfig config) {
        return switch (config.pooling()) {
            case MEAN ->
                    config.meanBehindPrefix()
                            ? TextFormat.Pooling.MEAN_AFTER_PREFIX
                            : TextFormat.Pooling.MEAN;
            case FIRST -> TextFormat.Pooling.FIRST;
            case LAST -> TextFormat.Pooling.LAST;
        };
    }

    private static Optional<Double> scalar(ImportParts parts, String name) {
        return parts.adapter()
                .flatMap(placed -> placed.source().scalar(name))
                .or(() -> parts.image().source().scalar(name));
    }

    private static double configScale(ImportParts parts) {
        JsonNode init = parts.image().source().config().path("logit_scale_init_value");
        return init.isNumber() ? Math.exp(init.doubleValue()) : CLIP_SCALE;
    }

    private static Preprocessing preprocessing(Placed<ImageTower> image, boolean resized) {
        int size = image.part().size();
        Path folder = image.source().folder();
        Path huggingFace = folder.resolve("preprocessor_config.json");
        Path openClip = folder.resolve("open_clip_config.json");
        Preprocessing found;
        if (image.source().config().isMissingNode()) {
            found = byFamily(image.part());
        } else if (Files.isRegularFile(huggingFace)) {
            found = ImageConfig.huggingFace(huggingFace);
        } else if (Files.isRegularFile(openClip)) {
            found = ImageConfig.openClip(openClip, size);
        } else {
            found = byFamily(image.part());
        }
        if (resized) {
            found = ImageConfig.scaled(found, size);
        }
        if (found.crop() != size) {
            throw new ImportException(
                    folder,
                    "images are prepared at %d px, but the tower reads %d px"
                            .formatted(found.crop(), size));
        }
        return found;
    }

    private static Preprocessing byFamily(ImageTower image) {
        if (image.used().contains("conv_stem.weight")) {
            return ImageConfig.efficientNetLite(image.size());
        }
        return isSiglip(image) ? ImageConfig.siglip(image.size()) : ImageConfig.clip(image.size());
    }

    /** SigLIP pools by attention over a learned query, and nothing else that is known does. */
    private static boolean isSiglip(ImageTower image) {
        return image.used().stream()
                .anyMatch(name -> name.endsWith("head.probe") || name.endsWith("attn_pool.latent"));
    }

    private static byte[] tokenizer(Placed<TextTower> text, ImportOptions options) {
        Path folder = text.source().folder();
        Path file = options.tokenizer().orElse(folder.resolve("tokenizer.json"));
        boolean ownFolder = !text.source().config().isMissingNode();
        if (options.tokenizer().isPresent() || (ownFolder && Files.isRegularFile(file))) {
            return bytes(file);
        }
        Path vocabulary = folder.resolve("vocab.json");
        Path merges = folder.resolve("merges.txt");
        boolean clip = text.part().description().startsWith("CLIP");
        if (clip && ownFolder && Files.isRegularFile(vocabulary) && Files.isRegularFile(merges)) {
            return ClipTokenizer.of(vocabulary, merges);
        }
        if (clip && text.part().description().contains(CLIP_WORDS + " words")) {
            return ClipTokenizer.published();
        }
        throw new ImportException(
                folder, "holds no tokenizer.json; name one with --tokenizer FILE");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
