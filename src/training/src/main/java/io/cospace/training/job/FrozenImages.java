package io.cospace.training.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.Width;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.Digest;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.EfficientNetLite;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Precision;
import io.cospace.export.graph.PrecisionPlan;
import io.cospace.export.graph.Target;
import io.cospace.export.graph.Value;
import io.cospace.export.graph.Weights;
import io.cospace.export.importer.ImageConfig;
import io.cospace.training.data.Augmentation;
import io.cospace.training.data.Draws;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.TrainingDataException;
import io.cospace.training.data.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Features of a frozen EfficientNet-Lite (pooled ones, then means over a 2x2 grid) of images and of
 * their augmented copies, run by the code that serves and kept in a {@link VectorStore}.
 */
public final class FrozenImages implements AutoCloseable {
    private static final int SIDE = 224;
    private static final float EPSILON = 1e-3f;
    private static final String GRAPH = "image";

    /** Squashed, alpha on white, {@code (v - 127) / 128}: as the default model is served. */
    static final Preprocessing PREPROCESSING = ImageConfig.efficientNetLite(SIDE);

    private final VectorStore store;
    private final int pooled;

    private FrozenImages(VectorStore store, int pooled) {
        this.store = store;
        this.pooled = pooled;
    }

    /** An image or one of its augmented copies (from 1; 0 is the image as it is). */
    private record View(Sample sample, int copy) {
        String key() {
            return VectorStore.key((sample.hash() + "#" + copy).getBytes(UTF_8));
        }
    }

    /**
     * Opens the store and computes what it lacks. An image that cannot be decoded has features that
     * are not numbers, see {@link #usable}.
     *
     * @param weights safetensors with timm's names, classifier included
     * @param copies augmented ones of each of {@code training}
     * @param progress told how many of the missing images are done
     */
    public static FrozenImages of(
            Path weights,
            Path root,
            VectorStore.Precision kept,
            List<Sample> training,
            List<Sample> others,
            int copies,
            Augmentation augmentation,
            SkippedSamples skipped,
            LongConsumer progress) {
        try {
            String digest = Digest.ofFile(weights).substring(0, 16);
            Path folder = Files.createDirectories(root.resolve("graph-" + digest));
            Path copied = folder.resolve(GRAPH + ".safetensors");
            if (!Files.exists(copied)) {
                Files.copy(weights, copied);
            }
            int[] sizes = write(folder, copied);
            Map<String, View> views = views(training, others, copies);
            String fingerprint = "image-" + digest + "-" + name(augmentation);
            VectorStore store = VectorStore.open(root, fingerprint, sizes[0] + sizes[1], kept);
            try (ImageModel model =
                    ImageModel.open(
                            folder.resolve(GRAPH + ".fp32.onnx"),
                            SIDE,
                            sizes[0] + sizes[1],
                            new SessionSettings(new Device.Cpu(), 1))) {
                Extractor extractor =
                        new Extractor(model, sizes[0] + sizes[1], augmentation, skipped);
                store.fill(
                        List.copyOf(views.keySet()),
                        keys -> extractor.features(keys.stream().map(views::get).toList()),
                        progress);
            }
            return new FrozenImages(store, sizes[0]);
        } catch (IOException e) {
            throw new TrainingDataException(weights + ": " + e.getMessage(), e);
        }
    }

    private static String name(Augmentation augmentation) {
        return switch (augmentation) {
            case Augmentation.None none -> "none";
            case Augmentation.Drawing drawing -> "drawing";
            case Augmentation.RandomResizedCrop crop -> "crop-" + crop.least() + "-" + crop.most();
        };
    }

    private static Map<String, View> views(List<Sample> training, List<Sample> others, int copies) {
        Map<String, View> views = new LinkedHashMap<>();
        for (int copy = 0; copy <= copies; copy++) {
            for (Sample sample : training) {
                View view = new View(sample, copy);
                views.putIfAbsent(view.key(), view);
            }
        }
        for (Sample sample : others) {
            View view = new View(sample, 0);
            views.putIfAbsent(view.key(), view);
        }
        return views;
    }

    private static int[] write(Path folder, Path weights) {
        try (Safetensors file = Safetensors.open(weights)) {
            int features = Math.toIntExact(file.info("conv_head.weight").size(0));
            int grid = 4 * Math.toIntExact(file.info("conv_head.weight").size(1));
            EfficientNetLite network =
                    EfficientNetLite.withGrid(
                            new EfficientNetLite.Config(
                                    SIDE, EfficientNetLite.Padding.SAME, EPSILON),
                            Weights.of(file),
                            new Plain(features + grid));
            GraphFile.write(folder, GRAPH, PrecisionPlan.of(Precision.FP32), network);
            return new int[] {features, grid};
        }
    }

    /** Features at the length they have. */
    private record Plain(int features) implements Head {
        @Override
        public int dimensions() {
            return features;
        }

        @Override
        public Value embedding(Target target, Value pooled) {
            return pooled;
        }
    }

    /** Decodes, changes and runs images, a few on each core. */
    private record Extractor(
            ImageModel model, int length, Augmentation augmentation, SkippedSamples skipped) {
        private static final ImageDecoder DECODER =
                new ImageDecoder(ImageLimits.defaults(), PREPROCESSING.background());
        private static final ImagePreprocessor PREPROCESSOR = new ImagePreprocessor(PREPROCESSING);

        List<float[]> features(List<View> views) {
            return IntStream.range(0, views.size())
                    .parallel()
                    .mapToObj(i -> features(views.get(i)))
                    .toList();
        }

        private float[] features(View view) {
            try {
                byte[] file = view.sample().image().read();
                Pixels pixels =
                        DECODER.decode(
                                file,
                                image ->
                                        PREPROCESSOR.apply(
                                                view.copy() == 0
                                                        ? image
                                                        : augmentation.apply(image, random(view))));
                return model.embed(List.of(pixels), Width.NARROW).getFirst();
            } catch (ImageException | IOException e) {
                skipped.add(
                        view.sample().image().file().toString(),
                        view.sample().key(),
                        String.valueOf(e.getMessage()));
                float[] none = new float[length];
                Arrays.fill(none, Float.NaN);
                return none;
            }
        }

        private static SplittableRandom random(View view) {
            long content = Long.parseUnsignedLong(view.sample().hash().substring(0, 16), 16);
            return Draws.of(0, Draws.Purpose.PICTURE, view.copy(), content);
        }
    }

    /** How many of the values are the pooled features; the grid follows them. */
    public int pooled() {
        return pooled;
    }

    /** Values of a vector. */
    public int length() {
        return store.length();
    }

    /** Whether the image could be decoded. */
    public boolean usable(Sample sample) {
        return !Float.isNaN(features(sample, 0)[0]);
    }

    /** The features of an image (copy 0) or of an augmented copy. */
    public float[] features(Sample sample, int copy) {
        return store.read(new View(sample, copy).key());
    }

    @Override
    public void close() {
        store.close();
    }
}
