package io.cospace.training.align;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.ExportException;
import io.cospace.export.Main;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Trained weights as a bundle, through the exporter that everybody uses: the weights are written
 * under the names they came with and imported beside the embedder's folder. The bundle is published
 * only if its towers give the vectors of the trained ones.
 *
 * @param model image tower and adapter
 * @param embedder folders and files of the frozen text embedder; none if the text tower was trained
 * @param options further options of {@code cospace import}, such as {@code --tokenizer}
 */
public record BundleExport(AlignedModel model, List<Path> embedder, List<String> options) {
    /** Least cosine between a trained tower's vector and the bundle's in fp32. */
    public static final double LEAST_COSINE = 0.99999;

    private static final String WEIGHTS = "model.safetensors";

    public BundleExport {
        embedder = List.copyOf(embedder);
        options = List.copyOf(options);
    }

    /**
     * What the towers are compared on.
     *
     * @param images as the bundle prepares them, at least one
     * @param texts at least one
     * @param rows what the embedder gave for texts in training, which the bundle's must give too;
     *     may be empty
     */
    public record Samples(List<Pixels> images, List<String> texts, Map<String, float[]> rows) {
        public Samples {
            images = List.copyOf(images);
            texts = List.copyOf(texts);
            rows = Map.copyOf(rows);
            if (images.isEmpty() || texts.isEmpty()) {
                throw new IllegalArgumentException(
                        "%d images and %d texts to compare the towers on; one of each is needed"
                                .formatted(images.size(), texts.size()));
            }
        }

        /** Without rows. */
        public Samples(List<Pixels> images, List<String> texts) {
            this(images, texts, Map.of());
        }
    }

    /**
     * Makes the bundle.
     *
     * @param out {@code models/NAME/VERSION}; must not exist
     * @return the least cosine that was seen
     * @throws ExportException if it cannot be made, or its vectors are not the trained ones; then
     *     nothing stands at {@code out}
     */
    public double write(Path out, Samples samples) {
        return write(out, samples, (bundle, cosine) -> Map.of());
    }

    /** What else a bundle holds. */
    @FunctionalInterface
    public interface Further {
        /**
         * Files by name.
         *
         * @param bundle folder of the bundle before it is published
         * @param cosine the least between trained and exported vectors
         */
        Map<String, byte[]> files(Path bundle, double cosine) throws IOException;
    }

    /**
     * The same with further files in the bundle.
     *
     * @param further one that is there already is replaced
     */
    public double write(Path out, Samples samples, Further further) {
        Path target = out.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new ExportException(target + " exists; a bundle is never overwritten");
        }
        Path folder = parent(target);
        Path models = parent(folder);
        Path draft = null;
        try {
            Files.createDirectories(models);
            draft = Files.createTempDirectory(models, ".unchecked-");
            // A name that lets the exporter look for a configuration beside it.
            Path weights = Files.createDirectory(draft.resolve("trained")).resolve(WEIGHTS);
            writeWeights(weights);
            if (model.image() instanceof ClipVision vision) {
                Files.writeString(
                        weights.resolveSibling("config.json"),
                        "{\"quick_gelu\": %b}"
                                .formatted(vision.activation() == Activation.QUICK_GELU));
            }
            Path bundle = draft.resolve(models.relativize(target));
            make(weights, bundle);
            double cosine = check(bundle, samples);
            FurtherFiles.add(bundle, further.files(bundle, cosine));
            Files.createDirectories(folder);
            Files.move(bundle, target);
            return cosine;
        } catch (IOException e) {
            throw new ExportException("cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            delete(draft);
        }
    }

    /** Writes image tower, text side and scale into one file, under the names they came with. */
    public void writeWeights(Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(model.image().parameters().all());
        tensors.putAll(model.text().parameters().all());
        tensors.put(AlignedModel.LOGIT_SCALE, model.logScale());
        TensorFile.write(file, tensors, Map.of());
    }

    private void make(Path weights, Path bundle) {
        List<String> arguments = new ArrayList<>(List.of("import", weights.toString()));
        embedder.forEach(path -> arguments.add(path.toString()));
        arguments.addAll(List.of("--out", bundle.toString()));
        arguments.addAll(options);
        StringWriter told = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(new StringWriter(), true));
        command.setErr(new PrintWriter(told, true));
        if (command.execute(arguments.toArray(String[]::new)) != CommandLine.ExitCode.OK) {
            throw new ExportException(
                    "the exporter refused the trained weights: " + told.toString().strip());
        }
    }

    private double check(Path bundle, Samples samples) {
        EncoderSettings settings =
                new EncoderSettings(new Device.Cpu(), "fp32", 1, Verification.SIZE);
        try (Encoder encoder = Encoder.open(bundle, settings)) {
            double image = images(encoder, samples.images());
            double text = texts(encoder, samples.texts());
            require("embedder", rows(encoder, samples.rows()));
            require("image", image);
            require("text", text);
            return Math.min(image, text);
        }
    }

    private double images(Encoder encoder, List<Pixels> images) {
        return least(
                model.image(),
                images,
                image -> {
                    FloatBuffer floats = image.values();
                    float[] values = new float[floats.remaining()];
                    floats.get(values);
                    return Tensors.of(values, 1, Pixels.CHANNELS, image.height(), image.width());
                },
                image -> encoder.image().embed(List.of(image), Width.NARROW).getFirst());
    }

    private static double rows(Encoder encoder, Map<String, float[]> trained) {
        double least = 1;
        for (Map.Entry<String, float[]> row : trained.entrySet()) {
            TokenizedText text = encoder.text().tokenize(row.getKey(), Task.DOCUMENT);
            TokenizedText read = encoder.text().truncate(text, Side.START);
            float[] found = encoder.text().pool(List.of(read), Width.NARROW).getFirst();
            double lengths =
                    Math.sqrt(
                            Vectors.dot(found, found)
                                    * Vectors.dot(row.getValue(), row.getValue()));
            least = Math.min(least, Vectors.dot(found, row.getValue()) / lengths);
        }
        return least;
    }

    /** An adapter is fed the rows that the served embedder pools; a text tower, the tokens. */
    private double texts(Encoder encoder, List<String> texts) {
        List<TokenizedText> tokens =
                texts.stream()
                        .map(text -> encoder.text().tokenize(text, Task.DOCUMENT))
                        .map(text -> encoder.text().truncate(text, Side.START))
                        .toList();
        return least(
                model.text(),
                tokens,
                text -> embedder.isEmpty() ? ids(text) : pooled(encoder, text),
                text -> encoder.text().embed(List.of(text), Width.NARROW).getFirst());
    }

    private static Tensor ids(TokenizedText text) {
        long[] ids = Arrays.stream(text.ids()).asLongStream().toArray();
        return Tensors.of(ids, 1, ids.length);
    }

    private static Tensor pooled(Encoder encoder, TokenizedText text) {
        float[] row = encoder.text().pool(List.of(text), Width.NARROW).getFirst();
        return Tensors.of(row, 1, row.length);
    }

    private static <T> double least(
            Tower tower, List<T> samples, Function<T, Tensor> input, Function<T, float[]> served) {
        double least = 1;
        for (T sample : samples) {
            try (Scope _ = Scope.open();
                    Torch.NoGradient _ = Torch.noGradient()) {
                float[] trained = tower.forward(input.apply(sample), false).unit().toFloats();
                float[] found = served.apply(sample);
                if (found.length != trained.length) {
                    throw new ExportException(
                            "the bundle's vectors have %d dimensions, the trained tower's %d"
                                    .formatted(found.length, trained.length));
                }
                least = Math.min(least, Vectors.dot(trained, found));
            }
        }
        return least;
    }

    private static void require(String tower, double cosine) {
        if (!(cosine >= LEAST_COSINE)) {
            throw new ExportException(
                    "the bundle's %s tower is not the trained one: cosine %.6f, at least %s is required"
                            .formatted(tower, cosine, LEAST_COSINE));
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new ExportException("a bundle goes to models/NAME/VERSION, not to " + path);
        }
        return parent;
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
