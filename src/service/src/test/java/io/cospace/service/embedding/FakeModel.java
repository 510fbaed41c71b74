package io.cospace.service.embedding;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TokenizedText;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * A model without a network: a word is a token, and a vector of 8 components follows from the
 * tokens or the bytes alone. Words and images that begin with {@code poison} make the run fail;
 * images must begin with {@code IMG}; {@code STUCK} ones find no room to be decoded.
 */
public final class FakeModel {

    public static final int DIMENSIONS = 8;
    public static final int MAX_TOKENS = 10;
    public static final String SPACE = "fake-0123456789abcdef";

    private static final List<TowerState> STATES =
            List.of(
                    new TowerState(Modality.TEXT, new Device.Cpu(), "int8", "no VNNI"),
                    new TowerState(Modality.IMAGE, new Device.Cpu(), "fp32", null));

    private FakeModel() {}

    /** A model whose towers answer at once, on the calling thread. */
    public static Model direct() {
        return withTowers(new Texts(), FakeModel::runTexts, FakeModel::runImages);
    }

    /** A model with towers of the test's own. */
    public static Model withTowers(
            TextEncoder encoder, Tower<TextRow> texts, Tower<ImageRow> images) {
        Manifest manifest = manifest(Manifest.Score.SOFTMAX, null);
        return new Model(
                manifest, encoder, new Images(), STATES, texts, images, Packing.of(manifest));
    }

    /** A model with an image encoder, too. */
    static Model withParts(ImageEncoder images, Tower<TextRow> texts, Tower<ImageRow> tower) {
        Manifest manifest = manifest(Manifest.Score.SOFTMAX, null);
        return new Model(manifest, new Texts(), images, STATES, texts, tower, Packing.of(manifest));
    }

    /** The same model with another way to scores, or a calibration. */
    public static Model direct(Manifest.Score score, Manifest.@Nullable Calibrations calibrations) {
        Manifest manifest = manifest(score, calibrations);
        return new Model(
                manifest,
                new Texts(),
                new Images(),
                STATES,
                FakeModel::runTexts,
                FakeModel::runImages,
                Packing.of(manifest));
    }

    /** The vector of a text without prompt; what the tower answers for it. */
    public static float[] vectorOf(String text) {
        return vector(new Texts().tokenize(text, Task.DOCUMENT).hashCode());
    }

    static float[] vectorOf(TokenizedText tokens) {
        return vector(tokens.hashCode());
    }

    /** Full range for texts; thresholds of a half for images. */
    static Manifest.Calibrations calibrations() {
        List<Double> low = Collections.nCopies(DIMENSIONS, -1.0);
        List<Double> high = Collections.nCopies(DIMENSIONS, 1.0);
        return new Manifest.Calibrations(
                new Manifest.Calibration(low, high, Collections.nCopies(DIMENSIONS, 0.5)),
                new Manifest.Calibration(low, high, null));
    }

    static List<CompletableFuture<Tower.Run>> runTexts(List<TextRow> rows, CallContext call) {
        List<CompletableFuture<Tower.Run>> runs = new ArrayList<>();
        for (TextRow row : rows) {
            runs.add(
                    row.tokens().id(1) == "poison".hashCode()
                            ? CompletableFuture.failedFuture(new IllegalStateException("poison"))
                            : done(row.tokens().hashCode()));
        }
        return runs;
    }

    static List<CompletableFuture<Tower.Run>> runImages(List<ImageRow> images, CallContext call) {
        List<CompletableFuture<Tower.Run>> runs = new ArrayList<>();
        for (ImageRow image : images) {
            runs.add(done((int) image.pixels().values().get(0)));
        }
        return runs;
    }

    static CompletableFuture<Tower.Run> done(int seed) {
        return CompletableFuture.completedFuture(new Tower.Run(vector(seed), 1_000, 2_000));
    }

    private static float[] vector(int seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Vectors.normalise(vector);
    }

    /** The model that answers at once, under another name. */
    static Model version(String name, String version, String space) {
        Manifest manifest = manifest(name, version, space, Manifest.Score.SOFTMAX, null);
        return new Model(
                manifest,
                new Texts(),
                new Images(),
                STATES,
                FakeModel::runTexts,
                FakeModel::runImages,
                Packing.of(manifest));
    }

    private static Manifest manifest(
            Manifest.Score score, Manifest.@Nullable Calibrations calibrations) {
        return manifest("fake", "1", SPACE, score, calibrations);
    }

    private static Manifest manifest(
            String name,
            String version,
            String space,
            Manifest.Score score,
            Manifest.@Nullable Calibrations calibrations) {
        Preprocessing preprocessing =
                new Preprocessing(
                        4,
                        Preprocessing.Resize.SQUASH,
                        4,
                        Preprocessing.Interpolation.BICUBIC,
                        1,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        null);
        var prompts = new TextFormat.Prompts("query", "");
        var image = tower(new Manifest.Graph("x.onnx", null, null, null));
        var text = tower(new Manifest.Graph("x.onnx", Manifest.TextInputs.PADDED, null, null));
        SortedMap<String, Manifest.FileEntry> files = new TreeMap<>();
        for (String file : List.of("tokenizer.json", "x.onnx", "self-test.json")) {
            files.put(file, new Manifest.FileEntry("0".repeat(64), 1));
        }
        return new Manifest(
                1,
                name,
                version,
                space,
                DIMENSIONS,
                List.of(2, 4),
                score,
                10,
                score == Manifest.Score.SIGMOID ? -2 : 0,
                new Manifest.Image(preprocessing),
                new TextFormat(MAX_TOKENS, TextFormat.Pooling.MEAN, prompts, null),
                new Manifest.Precisions(image, text),
                calibrations,
                null,
                files,
                "Apache-2.0",
                "2026-01-01T00:00:00Z");
    }

    private static Manifest.Tower tower(Manifest.Graph graph) {
        SortedMap<String, String> defaults = new TreeMap<>();
        defaults.put("cpu", "fp32");
        SortedMap<String, Manifest.Graph> graphs = new TreeMap<>();
        graphs.put("fp32", graph);
        return new Manifest.Tower(defaults, graphs);
    }

    /** One token for each word, one before and one behind them all. */
    public static class Texts implements TextEncoder {

        @Override
        public int maxTokens() {
            return MAX_TOKENS;
        }

        @Override
        public TokenizedText tokenize(String text, Task task) {
            if (text.isBlank()) {
                throw new TextException.Empty("text is empty");
            }
            for (int i = 0; i < text.length(); i++) {
                if (Character.isSurrogate(text.charAt(i))
                        && Character.getType(text.codePointAt(i)) == Character.SURROGATE
                        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                    throw new TextException.Malformed("has a lone surrogate at index " + i);
                }
            }
            String[] words = text.strip().split("\\s+", -1);
            int[] ids = new int[words.length + 2];
            int[] starts = new int[ids.length];
            int[] ends = new int[ids.length];
            ids[0] = task == Task.QUERY ? 1 : 0;
            int at = 0;
            for (int i = 0; i < words.length; i++) {
                at = text.indexOf(words[i], at);
                ids[i + 1] = words[i].hashCode();
                starts[i + 1] = at;
                at += words[i].length();
                ends[i + 1] = at;
            }
            ids[ids.length - 1] = 2;
            return new TokenizedText(ids, starts, ends, 1, ids.length - 1);
        }

        @Override
        public List<String> pieces(String text, Task task) {
            List<String> pieces = new ArrayList<>(List.of("<s>"));
            pieces.addAll(List.of(text.strip().split("\\s+", -1)));
            pieces.add("</s>");
            return pieces;
        }

        @Override
        public TokenizedText truncate(TokenizedText text, Side keep) {
            int room = MAX_TOKENS - text.frameTokens();
            return switch (keep) {
                case START -> text.slice(text.contentFrom(), text.contentFrom() + room);
                case END -> text.slice(text.contentTo() - room, text.contentTo());
            };
        }

        @Override
        public List<float[]> embed(List<TokenizedText> batch, Width width) {
            throw new UnsupportedOperationException("the fake's towers run nothing");
        }

        @Override
        public List<float[]> pool(List<TokenizedText> batch, Width width) {
            throw new UnsupportedOperationException("the fake's towers run nothing");
        }

        @Override
        public float[] adapt(float[] pooled) {
            return Vectors.normalise(pooled);
        }
    }

    private static final class Images implements ImageEncoder {

        @Override
        public Pixels prepare(byte[] image, CompletableFuture<?> unwanted) {
            String text = new String(image, StandardCharsets.ISO_8859_1);
            if (text.startsWith("STUCK")) {
                unwanted.join();
                throw new CancellationException("nobody waits for it");
            }
            if (text.startsWith("AVIF")) {
                throw new ImageException.Unsupported("AVIF images are not read");
            }
            if (text.startsWith("HUGE")) {
                throw new ImageException.TooLarge("image is 50000x50000 px");
            }
            if (!text.startsWith("IMG")) {
                throw new ImageException.Unreadable("image is of no known format");
            }
            FloatBuffer values = FloatBuffer.allocate(3);
            values.put(0, text.hashCode());
            return new Pixels(1, 1, values);
        }

        @Override
        public List<float[]> embed(List<Pixels> batch, Width width) {
            throw new UnsupportedOperationException("the fake's towers run nothing");
        }
    }
}
