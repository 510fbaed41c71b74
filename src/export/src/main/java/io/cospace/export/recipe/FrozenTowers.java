package io.cospace.export.recipe;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.TextModel;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Tokenizer;
import io.cospace.export.Digest;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The two networks before a space is made of them, run by the very classes that serve: texts to raw
 * vectors, pictures to class probabilities. The graphs of {@link Graphs#writeRaw} must lie in the
 * folder.
 */
final class FrozenTowers {
    private final Path folder;
    private final VectorCache cache;
    private final Bulk bulk;
    private final Consumer<String> progress;

    FrozenTowers(Path folder, VectorCache cache, Bulk bulk, Consumer<String> progress) {
        this.folder = folder;
        this.cache = cache;
        this.bulk = bulk;
        this.progress = progress;
    }

    /**
     * Raw pooled vectors by text. A text longer than the model reads keeps its start.
     *
     * @param features length of each
     */
    Map<String, float[]> pool(List<String> texts, TextFormat format, int features) {
        VectorCache.Key key =
                key("pooled", "text.fp32.onnx", Graphs.TEXT_WEIGHTS, "tokenizer.json")
                        .with(ManifestJson.write(format));
        texts.forEach(key::with);
        List<float[]> vectors =
                cache.get(key, features, () -> computePooled(texts, format, features));
        Map<String, float[]> byText = new HashMap<>();
        for (int i = 0; i < vectors.size(); i++) {
            byText.put(texts.get(i), vectors.get(i));
        }
        return byText;
    }

    /**
     * Probabilities of all classes at unit length, by picture, in their order.
     *
     * @param classes how many there are
     */
    List<float[]> probabilities(List<byte[]> images, Preprocessing preprocessing, int classes) {
        VectorCache.Key key =
                key("probabilities", "image.fp32.onnx", Graphs.IMAGE_WEIGHTS)
                        .with(ManifestJson.write(preprocessing));
        images.forEach(key::with);
        return cache.get(key, classes, () -> computeProbabilities(images, preprocessing, classes));
    }

    private List<float[]> computePooled(List<String> texts, TextFormat format, int features) {
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"), format);
                TextModel model =
                        TextModel.open(
                                folder.resolve("text.fp32.onnx"),
                                TextInputs.PACKED,
                                features,
                                narrow())) {
            List<TokenizedText> tokens =
                    texts.stream()
                            .map(text ->
                                    tokenizer.truncate(
                                            tokenizer.tokenize(text, Task.QUERY), Side.START))
                            .toList();
            return bulk.texts(
                    tokens,
                    batch -> model.pool(batch, Width.NARROW),
                    done -> progress.accept("texts: " + done + " of " + texts.size()));
        }
    }

    private List<float[]> computeProbabilities(
            List<byte[]> images, Preprocessing preprocessing, int classes) {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), preprocessing.background());
        ImagePreprocessor preprocessor = new ImagePreprocessor(preprocessing);
        try (ImageModel model =
                ImageModel.open(
                        folder.resolve("image.fp32.onnx"),
                        preprocessing.crop(),
                        classes,
                        narrow())) {
            return bulk.images(
                    images,
                    image -> preprocessor.apply(decoder.decode(image)),
                    batch -> model.embed(batch, Width.NARROW),
                    done -> progress.accept("pictures: " + done + " of " + images.size()));
        }
    }

    /** What vectors depend on besides their inputs: the network and its weights, by content. */
    private VectorCache.Key key(String kind, String... files) {
        VectorCache.Key key = new VectorCache.Key().with(kind);
        for (String file : files) {
            try {
                key.with(Digest.ofFile(folder.resolve(file)));
            } catch (IOException e) {
                throw new ExportException("cannot read " + file + ": " + e.getMessage(), e);
            }
        }
        return key;
    }

    private static SessionSettings narrow() {
        return new SessionSettings(new Device.Cpu(), 1);
    }
}
