package io.cospace.export.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.export.ExportException;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.graph.AdapterNetwork;
import io.cospace.export.graph.AffineHead;
import io.cospace.export.graph.BertConfig;
import io.cospace.export.graph.BertTower;
import io.cospace.export.graph.ClassTargetHead;
import io.cospace.export.graph.EfficientNetLite;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.PairedHead;
import io.cospace.export.graph.Precision;
import io.cospace.export.graph.PrecisionPlan;
import io.cospace.export.graph.Role;
import io.cospace.export.graph.TextLayout;
import io.cospace.export.graph.TwoPathHead;
import io.cospace.export.graph.Weights;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes the bundle's graphs and the tensors that the recipe makes, in the folder where the
 * reference weights lie. Its files are opened as long as this is.
 */
final class Graphs implements AutoCloseable {
    static final String TEXT = "text";
    static final String IMAGE = "image";
    static final String TEXT_WEIGHTS = "text.safetensors";
    static final String IMAGE_WEIGHTS = "image.safetensors";
    static final String ADAPTER_WEIGHTS = "adapter.safetensors";
    static final String HEAD_WEIGHTS = "head.safetensors";
    static final String ADAPTER = "adapter";

    /**
     * Value projections stay exact in the int8 graph: they carry most of the error after whitening
     * (mean cosine .9936 with all layers at 8 bits, .9972 so) and a sixteenth of the work.
     */
    private static final PrecisionPlan INT8 =
            PrecisionPlan.of(Precision.INT8).keepExact(Role.VALUE);

    private static final PrecisionPlan FP32 = PrecisionPlan.of(Precision.FP32);

    private final Path folder;
    private final BertConfig config;
    private final Safetensors text;
    private final Safetensors image;

    private Graphs(Path folder, BertConfig config, Safetensors text, Safetensors image) {
        this.folder = folder;
        this.config = config;
        this.text = text;
        this.image = image;
    }

    /**
     * For the reference weights in {@code folder}.
     *
     * @param textConfig {@code config.json} of the text embedder
     */
    static Graphs in(Path folder, Path textConfig) {
        BertConfig config = config(textConfig);
        Safetensors text = Safetensors.open(folder.resolve(TEXT_WEIGHTS));
        try {
            return new Graphs(
                    folder, config, text, Safetensors.open(folder.resolve(IMAGE_WEIGHTS)));
        } catch (RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /** Length of a raw text vector. */
    int features() {
        return Math.toIntExact(text.info("embeddings.LayerNorm.weight").size(0));
    }

    /** How many classes the image classifier knows. */
    int classes() {
        return Math.toIntExact(image.info("classifier.bias").size(0));
    }

    /** How many tokens the text embedder reads at once. */
    int maxTokens() {
        return tower(Head.unit(features())).maxTokens();
    }

    /**
     * Writes the two fp32 graphs without a space: {@code embedding} of the text graph is the raw
     * vector, of the image graph the classes' probabilities, both at unit length. {@link #write}
     * replaces them.
     */
    void writeRaw() {
        GraphFile.write(folder, TEXT, FP32, tower(Head.unit(features())));
        Matrix identity = Matrix.zeros(classes(), classes());
        for (int i = 0; i < classes(); i++) {
            identity.set(i, i, 1);
        }
        writeImage(identity);
    }

    /**
     * Writes all graphs of the space, and {@code adapter.safetensors} and {@code head.safetensors}
     * behind them.
     */
    void write(Teacher teacher) {
        Whitening whitening = teacher.whitening();
        Path file = folder.resolve(ADAPTER_WEIGHTS);
        new SafetensorsWriter()
                .add("mean", Rows.toFloats(whitening.mean()), features())
                .add(
                        "matrix",
                        whitening.projection().transposed().toFloats(),
                        whitening.dimensions(),
                        features())
                .write(file);
        try (Safetensors adapter = Safetensors.open(file)) {
            writeText(new AffineHead(Weights.of(adapter), true));
        }
        writeImage(teacher.targets());
    }

    /**
     * Writes all graphs of two trained paths, whose {@code adapter.safetensors} and {@code
     * head.safetensors} lie in the folder, in the names of {@link PairedHead} and {@link
     * TwoPathHead}.
     *
     * @param share of the class path in the cosine
     */
    void writeTrained(double share) {
        try (Safetensors adapter = Safetensors.open(folder.resolve(ADAPTER_WEIGHTS))) {
            writeText(PairedHead.adapters(Weights.of(adapter), share));
        }
        try (Safetensors head = Safetensors.open(folder.resolve(HEAD_WEIGHTS))) {
            Weights backbone = Weights.of(image);
            Head paths = new TwoPathHead(backbone, Weights.of(head), share);
            GraphFile.write(
                    folder, IMAGE, FP32, EfficientNetLite.withGrid(backbone(), backbone, paths));
        }
    }

    private void writeText(Head head) {
        GraphFile.write(folder, TEXT, FP32, tower(head));
        GraphFile.write(folder, TEXT, INT8, tower(head));
        GraphFile.write(folder, ADAPTER, new AdapterNetwork(head));
    }

    private static EfficientNetLite.Config backbone() {
        return new EfficientNetLite.Config(
                Settings.IMAGE_SIDE, EfficientNetLite.Padding.SAME, Settings.IMAGE_EPSILON);
    }

    private void writeImage(Matrix targets) {
        Path file = folder.resolve(HEAD_WEIGHTS);
        new SafetensorsWriter()
                .add("targets", targets.toFloats(), targets.rows(), targets.columns())
                .write(file);
        try (Safetensors head = Safetensors.open(file)) {
            Weights backbone = Weights.of(image);
            GraphFile.write(
                    folder,
                    IMAGE,
                    FP32,
                    new EfficientNetLite(
                            backbone(), backbone, new ClassTargetHead(backbone, Weights.of(head))));
        }
    }

    private BertTower tower(Head head) {
        return new BertTower(config, Weights.of(text), TextLayout.PACKED, head);
    }

    private static BertConfig config(Path file) {
        try {
            JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
            return BertConfig.of(json);
        } catch (IOException | IllegalArgumentException e) {
            throw new ExportException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        text.close();
        image.close();
    }
}
