package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.image.RgbImage;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the written graphs of an unfinished bundle on samples with the very classes that serve them.
 *
 * @param folder of the files
 * @param dimensions D of every vector
 */
record TowerProbe(Path folder, int dimensions) {

    /**
     * Unit vectors [n][D] of pictures, by one image graph.
     *
     * @param fit how the graph is run: whole, one by one; streamed, all at once
     */
    List<float[]> images(Path file, Preprocessing preprocessing, List<RgbImage> images, Fit fit) {
        ImagePreprocessor preprocessor = new ImagePreprocessor(preprocessing);
        try (ImageModel model =
                ImageModel.open(
                        folder.resolve(file), preprocessing.crop(), dimensions, settings(fit))) {
            List<float[]> vectors = new ArrayList<>();
            for (List<RgbImage> batch : batches(images, fit)) {
                vectors.addAll(
                        model.embed(batch.stream().map(preprocessor::apply).toList(), Width.WIDE));
            }
            return vectors;
        }
    }

    /** Unit vectors [n][D] of texts, by one text graph; {@code fit} as for pictures. */
    List<float[]> texts(Path file, TextInputs inputs, List<TokenizedText> texts, Fit fit) {
        try (TextModel model =
                TextModel.open(folder.resolve(file), inputs, dimensions, settings(fit))) {
            List<float[]> vectors = new ArrayList<>();
            for (List<TokenizedText> batch : batches(texts, fit)) {
                vectors.addAll(model.embed(batch, Width.WIDE));
            }
            return vectors;
        }
    }

    /**
     * Tokens of those texts that the tokenizer has any for, as queries, cut to what the model
     * reads. A vocabulary of one language may have none for another's script.
     */
    static List<Sample> tokens(Path tokenizerFile, TextFormat format, List<String> texts) {
        try (Tokenizer tokenizer = Tokenizer.open(tokenizerFile, format)) {
            List<Sample> samples = new ArrayList<>();
            for (String text : texts) {
                try {
                    TokenizedText tokens = tokenizer.tokenize(text, Task.QUERY);
                    samples.add(new Sample(text, tokenizer.truncate(tokens, Side.START)));
                } catch (TextException.Empty e) {
                    // Not a text to this vocabulary; the others are compared.
                }
            }
            return samples;
        }
    }

    /** Tokens that stand before every text: special tokens and the frame's prefix. */
    static int tokensBeforeText(Path tokenizerFile, TextFormat format) {
        try (Tokenizer tokenizer = Tokenizer.open(tokenizerFile, format)) {
            return tokenizer.tokenize("a", Task.DOCUMENT).contentFrom();
        }
    }

    /** A text and its tokens. */
    record Sample(String text, TokenizedText tokens) {}

    /** Streamed weights are read once a run, so that there is one run. */
    private static <T> List<List<T>> batches(List<T> items, Fit fit) {
        return fit == Fit.STREAMED ? List.of(items) : items.stream().map(List::of).toList();
    }

    private static SessionSettings settings(Fit fit) {
        int threads = Runtime.getRuntime().availableProcessors();
        return new SessionSettings(new Device.Cpu(), threads, fit == Fit.STREAMED);
    }
}
