package io.cospace.export.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.onnx.Device;
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
import java.util.function.UnaryOperator;

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
        List<byte[]> inputs = texts.stream().map(text -> text.getBytes(UTF_8)).toList();
        List<float[]> vectors =
                cache.get(key, features, inputs, () -> new Texts(texts, format, features));
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
        return cache.get(
                key,
                classes,
                images,
                () ->
                        new Pictures(
                                folder.resolve("image.fp32.onnx"),
                                classes,
                                preprocessing,
                                images,
                                picture -> UnaryOperator.identity(),
                                bulk,
                                progress));
    }

    /** The embedder, for one list of texts. */
    private final class Texts implements VectorCache.Network {
        private final List<String> texts;
        private final Tokenizer tokenizer;
        private final TextModel model;

        Texts(List<String> texts, TextFormat format, int features) {
            this.texts = texts;
            tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"), format);
            model =
                    TextModel.open(
                            folder.resolve("text.fp32.onnx"),
                            TextInputs.PACKED,
                            features,
                            new SessionSettings(new Device.Cpu(), 1));
        }

        @Override
        public List<float[]> vectors(int from, int to) {
            return bulk.texts(
                    texts.subList(from, to).stream().map(this::tokens).toList(),
                    batch -> model.pool(batch, Width.NARROW),
                    done ->
                            progress.accept(
                                    "texts: %d of %d".formatted(from + done, texts.size())));
        }

        private TokenizedText tokens(String text) {
            return tokenizer.truncate(tokenizer.tokenize(text, Task.QUERY), Side.START);
        }

        @Override
        public void close() {
            model.close();
            tokenizer.close();
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
}
