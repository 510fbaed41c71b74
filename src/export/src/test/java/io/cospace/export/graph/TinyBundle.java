package io.cospace.export.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.bundle.Space;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.TextModel;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.Tokenizer;
import io.cospace.export.BundleWriter;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.graph.EfficientNetLite.Config;
import io.cospace.export.graph.EfficientNetLite.Padding;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * Makes the bundle that the tests of all modules open: every part that a real one has, in 0.5 MB.
 * The text tower is golden's BERT (2 layers of width 64, 120 tokens), the image tower an
 * EfficientNet-Lite with few channels; all weights are random, so its vectors mean nothing. The
 * vocabulary is written here.
 */
final class TinyBundle {

    private static final int DIMENSIONS = 32;
    private static final int TEXT_FEATURES = 64;
    private static final int IMAGE_FEATURES = 20;
    private static final int IMAGE_SIDE = 32;
    private static final double CLEAR = 0.02;

    private static final TextFormat TEXT =
            new TextFormat(
                    32,
                    TextFormat.Pooling.MEAN,
                    new TextFormat.Prompts("query: ", "passage: "),
                    null);

    private static final Preprocessing IMAGE =
            new Preprocessing(
                    IMAGE_SIDE,
                    Preprocessing.Resize.SQUASH,
                    IMAGE_SIDE,
                    Preprocessing.Interpolation.BICUBIC,
                    1,
                    List.of(127.0, 127.0, 127.0),
                    List.of(128.0, 128.0, 128.0),
                    List.of(255, 255, 255));

    private TinyBundle() {}

    /** Writes the bundle to {@code target}, which must not exist. */
    static Path write(Path target) throws IOException {
        try (BundleWriter writer = BundleWriter.create(target)) {
            writeText(writer);
            writeImage(writer);
            writer.write(Manifest.TOKENIZER, TinyVocabulary.tokenizerJson().getBytes(UTF_8));
            writer.write(
                    "LICENSES", "Random weights, made for tests: Apache-2.0\n".getBytes(UTF_8));
            writer.write(Manifest.SELF_TEST, ManifestJson.write(selfTest(writer)));
            return writer.publish(manifest(writer));
        }
    }

    private static void writeText(BundleWriter writer) throws IOException {
        Golden golden = Golden.of("text/bert");
        writer.copy(golden.folder().resolve("model.safetensors"), "text.safetensors");
        writeAffine(writer.path("adapter.safetensors"), 1, new float[TEXT_FEATURES]);
        try (Safetensors bert = Safetensors.open(writer.path("text.safetensors"));
                Safetensors affine = Safetensors.open(writer.path("adapter.safetensors"))) {
            Head head = new AffineHead(Weights.of(affine), true);
            BertConfig config = BertConfig.of(golden.config());
            Weights weights = Weights.of(bert);
            BertTower padded = new BertTower(config, weights, TextLayout.PADDED, head);
            BertTower packed = new BertTower(config, weights, TextLayout.PACKED, head);
            GraphFile.write(writer.folder(), "text", PrecisionPlan.of(Precision.FP32), padded);
            GraphFile.write(writer.folder(), "text", PrecisionPlan.of(Precision.INT8), packed);
            GraphFile.write(writer.folder(), "adapter", new AdapterNetwork(head));
        }
    }

    private static void writeImage(BundleWriter writer) {
        Config config = new Config(IMAGE_SIDE, Padding.SAME, 1e-3f);
        try (Safetensors net = TinyEfficientNet.write(writer.path("image.safetensors"))) {
            float[] mean = meanFeatures(new TinyEfficientNet(net, config));
            writeAffine(writer.path("head.safetensors"), 2, mean);
            try (Safetensors affine = Safetensors.open(writer.path("head.safetensors"))) {
                Head head = new AffineHead(Weights.of(affine), false);
                EfficientNetLite tower = new EfficientNetLite(config, Weights.of(net), head);
                GraphFile.write(writer.folder(), "image", PrecisionPlan.of(Precision.FP32), tower);
            }
        }
    }

    /**
     * Mean features of random pictures: without it, random weights give all pictures nearly one
     * vector.
     */
    private static float[] meanFeatures(TinyEfficientNet net) {
        int pictures = 8;
        float[] pixels =
                gaussian(new SplittableRandom(3), pictures * 3 * IMAGE_SIDE * IMAGE_SIDE, 1);
        float[] features = net.pooled(pixels);
        float[] mean = new float[IMAGE_FEATURES];
        for (int i = 0; i < features.length; i++) {
            mean[i % IMAGE_FEATURES] += features[i] / pictures;
        }
        return mean;
    }

    /** A random map that {@link AffineHead} reads. */
    private static void writeAffine(Path file, long seed, float[] mean) {
        SplittableRandom random = new SplittableRandom(seed);
        new SafetensorsWriter()
                .add(
                        "matrix",
                        gaussian(random, DIMENSIONS * mean.length, 0.1),
                        DIMENSIONS,
                        mean.length)
                .add("mean", mean, mean.length)
                .write(file);
    }

    private static float[] gaussian(SplittableRandom random, int count, double spread) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (spread * random.nextGaussian());
        }
        return values;
    }

    private static SelfTest selfTest(BundleWriter writer) throws IOException {
        SessionSettings settings = new SessionSettings(new Device.Cpu(), 1);
        List<byte[]> pictures = pictures();
        List<String> captions =
                List.of(
                        "a red circle",
                        "ein blaues Quadrat",
                        "un chat noir",
                        "a dog, on the grass!");
        List<float[]> images;
        try (ImageModel model =
                ImageModel.open(writer.path("image.fp32.onnx"), IMAGE_SIDE, DIMENSIONS, settings)) {
            ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), IMAGE.background());
            ImagePreprocessor preprocessor = new ImagePreprocessor(IMAGE);
            images =
                    model.embed(
                            pictures.stream()
                                    .map(picture -> preprocessor.apply(decoder.decode(picture)))
                                    .toList(),
                            Width.NARROW);
        }
        List<float[]> texts;
        try (Tokenizer tokenizer = Tokenizer.open(writer.path(Manifest.TOKENIZER), TEXT);
                TextModel model =
                        TextModel.open(
                                writer.path("text.fp32.onnx"),
                                Manifest.TextInputs.PADDED,
                                DIMENSIONS,
                                settings)) {
            texts =
                    model.embed(
                            captions.stream()
                                    .map(caption -> tokenizer.tokenize(caption, Task.QUERY))
                                    .toList(),
                            Width.NARROW);
        }
        return new SelfTest(
                IntStream.range(0, captions.size())
                        .mapToObj(i ->
                                new SelfTest.TextCase(
                                        captions.get(i),
                                        Task.QUERY,
                                        OutputTypes.base64(texts.get(i))))
                        .toList(),
                IntStream.range(0, pictures.size())
                        .mapToObj(i ->
                                new SelfTest.ImageCase(
                                        Base64.getEncoder().encodeToString(pictures.get(i)),
                                        OutputTypes.base64(images.get(i))))
                        .toList(),
                images.stream().map(image -> ranking(image, texts)).toList(),
                new SelfTest.Tolerances(
                        new TreeMap<>(Map.of("fp32", 0.9999)),
                        new TreeMap<>(Map.of("fp32", 0.9999, "int8", 0.98))));
    }

    /** Indices of the texts, best first, without those too close to the one before. */
    private static List<Integer> ranking(float[] image, List<float[]> texts) {
        List<Integer> clear = new ArrayList<>();
        IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Vectors.dot(image, texts.get(i))))
                .filter(i ->
                        clear.isEmpty()
                                || Vectors.dot(image, texts.get(clear.getLast()))
                                                - Vectors.dot(image, texts.get(i))
                                        > CLEAR)
                .forEachOrdered(clear::add);
        return List.copyOf(clear);
    }

    private static List<byte[]> pictures() throws IOException {
        List<byte[]> pictures = new ArrayList<>();
        for (Color colour : List.of(Color.RED, Color.BLUE, Color.DARK_GRAY)) {
            BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 256; i++) {
                image.setRGB(
                        i % 16, i / 16, (i * colour.getRGB() / 256 & 0x3f3f3f) ^ colour.getRGB());
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            pictures.add(png.toByteArray());
        }
        return pictures;
    }

    private static Manifest manifest(BundleWriter writer) {
        Manifest.Graph imageGraph = new Manifest.Graph("image.fp32.onnx", null, null, null);
        Manifest.Graph exact =
                new Manifest.Graph("text.fp32.onnx", Manifest.TextInputs.PADDED, null, null);
        Manifest.Graph int8 =
                new Manifest.Graph(
                        "text.int8.onnx",
                        Manifest.TextInputs.PACKED,
                        new Manifest.Cosine(0.99, 0.999),
                        null);
        return new Manifest(
                Manifest.FORMAT,
                writer.name(),
                writer.version(),
                Space.compute(writer.name(), writer.folder(), TEXT, IMAGE),
                DIMENSIONS,
                List.of(8, 16),
                Manifest.Score.SOFTMAX,
                20,
                0,
                new Manifest.Image(IMAGE),
                TEXT,
                new Manifest.Precisions(
                        new Manifest.Tower(
                                new TreeMap<>(Map.of("cpu", "fp32")),
                                new TreeMap<>(Map.of("fp32", imageGraph))),
                        new Manifest.Tower(
                                new TreeMap<>(Map.of("cpu", "int8")),
                                new TreeMap<>(Map.of("fp32", exact, "int8", int8)))),
                null,
                null,
                writer.files(),
                "Apache-2.0",
                "2026-11-01T00:00:00Z");
    }
}
