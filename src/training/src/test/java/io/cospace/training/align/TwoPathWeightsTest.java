package io.cospace.training.align;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.ImageModel;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.Width;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.EfficientNetLite.Config;
import io.cospace.export.graph.EfficientNetLite.Padding;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.PairedHead;
import io.cospace.export.graph.TwoPathHead;
import io.cospace.export.graph.Weights;
import io.cospace.training.Golden;
import io.cospace.training.model.EfficientNetLite;
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both paths as a graph give the vectors that they had in training. */
final class TwoPathWeightsTest {
    private static final int CLASSES = 7;
    private static final int SPACE = 6;
    private static final int SEEN = 1280;

    @TempDir Path folder;

    private final Path backbone =
            Golden.exported("image/efficientnet_lite0/model_fp16.safetensors");

    /** 96 px have a map of 3 x 3, whose middle belongs to all cells; 64 px one of 2 x 2. */
    @ParameterizedTest
    @CsvSource({"64, '', false", "96, _96, false", "96, _96, true"})
    void the_image_side_equals_training(int size, String suffix, boolean turned) {
        Torch.seed(2);
        Golden.Fixture io =
                Golden.tensors(Golden.exported("image/efficientnet_lite0/io.safetensors"));
        Tensor pixels = io.get("pixel_values" + suffix);
        EfficientNetLite tower;
        try (TensorSource source = Checkpoint.open(backbone)) {
            tower =
                    new EfficientNetLite(
                            Parameters.read(source, EfficientNetLite::owns),
                            EfficientNetLite.Border.SYMMETRIC,
                            1e-5);
        }
        Tensor features = tower.featuresAndGrid(pixels);
        int count = Math.toIntExact(features.size(1));
        TwoPathWeights weights = weights(count, turned);
        weights.writeHead(folder.resolve("head.safetensors"));
        Tensor expected =
                TwoPathRecipe.joined(
                        weights.classPath().image().forward(features, false),
                        weights.freePath().image().forward(features, false));
        if (turned) {
            expected = expected.matmul(Tensors.of(swap(), 2 * SPACE, 2 * SPACE));
        }

        Path graph = write(size, weights);

        try (ImageModel model =
                ImageModel.open(graph, size, 2 * SPACE, new SessionSettings(new Device.Cpu(), 1))) {
            for (int i = 0; i < pixels.size(0); i++) {
                float[] one = pixels.select(0, i).toFloats();
                Pixels image = new Pixels(size, size, FloatBuffer.wrap(one));
                float[] served = model.embed(List.of(image), Width.NARROW).getFirst();
                assertThat(Vectors.dot(served, expected.select(0, i).toFloats()))
                        .isGreaterThan(BundleExport.LEAST_COSINE);
            }
        }
    }

    @Test
    void the_adapters_are_written_apart_and_their_rotation_with_them() {
        TwoPathWeights weights = weights(SEEN + 8, true);
        Path file = folder.resolve("adapter.safetensors");
        weights.writeAdapters(file);
        try (Safetensors written = Safetensors.open(file)) {
            Head head = PairedHead.adapters(Weights.of(written), TwoPathRecipe.CLASS_SHARE);
            assertThat(head.features()).isEqualTo(12);
            assertThat(head.dimensions()).isEqualTo(2 * SPACE);
            assertThat(written.names())
                    .contains("rotation", "free.text.text_adaptor.0.fn.0.weight");
        }
    }

    private Path write(int size, TwoPathWeights weights) {
        Path net = folder.resolve("image.safetensors");
        try (TensorSource source = Checkpoint.open(backbone)) {
            Parameters all = Parameters.read(source, EfficientNetLite::owns);
            Parameters classifier = weights.freePath().image().parameters();
            for (String name : List.of("classifier.weight", "classifier.bias")) {
                all.add(name, classifier.get(name));
            }
            TensorFile.write(net, all.all(), Map.of());
        }
        try (Safetensors image = Safetensors.open(net);
                Safetensors head = Safetensors.open(folder.resolve("head.safetensors"))) {
            return GraphFile.write(
                    folder,
                    "image",
                    io.cospace.export.graph.EfficientNetLite.withGrid(
                            new Config(size, Padding.SYMMETRIC, 1e-5f),
                            Weights.of(image),
                            new TwoPathHead(
                                    Weights.of(image),
                                    Weights.of(head),
                                    TwoPathRecipe.CLASS_SHARE)));
        }
    }

    private static TwoPathWeights weights(int features, boolean turned) {
        Parameters close =
                new Parameters()
                        .add("targets", Tensors.normal(CLASSES, SPACE).unit())
                        .add("classifier.weight", Tensors.normal(CLASSES, SEEN).timesInPlace(.1))
                        .add("classifier.bias", Tensors.normal(CLASSES));
        float[] mean = new float[features];
        float[] deviation = new float[features];
        Arrays.fill(mean, .3f);
        Arrays.fill(deviation, 1.7f);
        Parameters free = FeatureHead.withResidual(close, mean, deviation);
        free.get("residual.weight").copyInPlace(Tensors.normal(SPACE, features).timesInPlace(.05));
        free.get("residual.bias").copyInPlace(Tensors.normal(SPACE));
        return new TwoPathWeights(
                AlignedModel.of(new FeatureHead(close), adapter(), 10, 0),
                AlignedModel.of(new FeatureHead(free), adapter(), 10, 0),
                turned ? Optional.of(swap()) : Optional.empty());
    }

    private static TextProj adapter() {
        return new TextProj(TextProj.random(new TextProj.Sizes(12, SPACE, 1, 2)), true, 0);
    }

    /** Turns the dimensions round. */
    private static float[] swap() {
        float[] matrix = new float[4 * SPACE * SPACE];
        for (int i = 0; i < 2 * SPACE; i++) {
            matrix[i * 2 * SPACE + 2 * SPACE - 1 - i] = 1;
        }
        return matrix;
    }
}
