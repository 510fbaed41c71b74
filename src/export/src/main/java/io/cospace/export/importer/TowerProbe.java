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
 * Runs the written graphs of an unfinished bundle on samples, one at a time, with the very classes
 * that serve them.
 *
 * @param folder of the files
 * @param dimensions D of every vector
 */
record TowerProbe(Path folder, int dimensions) {

    /** Unit vectors [n][D] of pictures, by one image graph. */
    List<float[]> images(String file, Preprocessing preprocessing, List<RgbImage> images) {
        ImagePreprocessor preprocessor = new ImagePreprocessor(preprocessing);
        try (ImageModel model =
                ImageModel.open(
                        folder.resolve(file), preprocessing.crop(), dimensions, settings())) {
            List<float[]> vectors = new ArrayList<>();
            for (RgbImage image : images) {
                vectors.addAll(model.embed(List.of(preprocessor.apply(image)), Width.WIDE));
            }
            return vectors;
        }
    }

    /** Unit vectors [n][D] of texts, by one text graph. */
    List<float[]> texts(String file, TextInputs inputs, List<TokenizedText> texts) {
        try (TextModel model =
                TextModel.open(folder.resolve(file), inputs, dimensions, settings())) {
            List<float[]> vectors = new ArrayList<>();
            for (TokenizedText text : texts) {
                vectors.addAll(model.embed(List.of(text), Width.WIDE));
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

    private static SessionSettings settings() {
        return new SessionSettings(new Device.Cpu(), Runtime.getRuntime().availableProcessors());
    }
}
