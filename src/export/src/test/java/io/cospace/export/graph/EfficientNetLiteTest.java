package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.graph.EfficientNetLite.Config;
import io.cospace.export.graph.EfficientNetLite.Padding;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EfficientNetLiteTest {
    private static final float GOLDEN_EPSILON = 1e-5f;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"64,pixel_values,features,2", "96,pixel_values_96,features_96,1"})
    void equals_golden_with_symmetric_padding(int size, String input, String output, int images)
            throws IOException, OrtException {
        Golden golden = Golden.of("image/efficientnet_lite0");
        try (Safetensors file = golden.weights("model_fp16.safetensors", folder);
                Safetensors io = golden.io()) {
            Config config = new Config(size, Padding.SYMMETRIC, GOLDEN_EPSILON);
            EfficientNetLite tower =
                    new EfficientNetLite(config, Weights.of(file), Head.unit(1280));
            float[] pooled = run(tower.backbone(), io.floats(input), images, size).get("pooled");

            Golden.assertClose(pooled, io.floats(output), Golden.TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"SAME,32", "SAME,33", "SAME,45", "SYMMETRIC,32", "SYMMETRIC,33"})
    void equals_a_plain_convolution_in_double_precision(Padding padding, int size)
            throws IOException, OrtException {
        float[] pixels = random(new SplittableRandom(size), 2 * 3 * size * size, 1);
        try (Safetensors file = TinyEfficientNet.write(folder.resolve("tiny.safetensors"))) {
            Config config = new Config(size, padding, 1e-3f);
            EfficientNetLite tower = new EfficientNetLite(config, Weights.of(file), Head.unit(20));
            float[] pooled = run(tower.backbone(), pixels, 2, size).get("pooled");

            float[] expected = new TinyEfficientNet(file, config).pooled(pixels);
            Golden.assertClose(pooled, expected, 1e-5);
        }
    }

    @Test
    void pads_224_pixels_as_tensorflow_does() throws IOException {
        try (Safetensors file = TinyEfficientNet.write(folder.resolve("tiny.safetensors"))) {
            Config config = new Config(224, Padding.SAME, 1e-3f);
            EfficientNetLite tower = new EfficientNetLite(config, Weights.of(file), Head.unit(20));
            List<NodeProto> stridden =
                    model(tower).getGraph().getNodeList().stream()
                            .filter(node -> node.getOpType().equals("Conv"))
                            .filter(node -> ints(node, "strides").getFirst() == 2)
                            .toList();

            assertThat(stridden).hasSize(5);
            for (NodeProto node : stridden) {
                long kernel = ints(node, "kernel_shape").getFirst();
                List<Long> pads = kernel == 3 ? List.of(0L, 0L, 1L, 1L) : List.of(1L, 1L, 2L, 2L);
                assertThat(ints(node, "pads")).isEqualTo(pads);
            }
        }
    }

    @Test
    void lets_onnx_runtime_fold_every_batch_normalisation_at_load()
            throws IOException, OrtException {
        Path optimised = folder.resolve("optimised.onnx");
        try (Safetensors file = TinyEfficientNet.write(folder.resolve("tiny.safetensors"))) {
            Config config = new Config(32, Padding.SAME, 1e-3f);
            EfficientNetLite tower = new EfficientNetLite(config, Weights.of(file), Head.unit(20));
            Path model = GraphFile.write(folder, "image", tower);
            assertThat(types(model)).contains("BatchNormalization");

            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimised.toString());
            new GraphRunner(model, options).close();
        }
        assertThat(types(optimised)).doesNotContain("BatchNormalization");
    }

    @Test
    void weighs_class_targets_by_probabilities() throws IOException, OrtException {
        Path features = folder.resolve("reference.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.add("classifier.weight", new float[] {1, 0, 0, 1, 0, 0}, 3, 2);
        writer.add("classifier.bias", new float[] {0, 0, (float) Math.log(2)}, 3);
        writer.add("targets", new float[] {1, 0, 0, 1, 0, 0}, 3, 2);
        writer.write(features);
        try (Safetensors file = Safetensors.open(features)) {
            Weights weights = Weights.of(file);
            Path model =
                    GraphFile.write(
                            folder,
                            "head",
                            new AdapterNetwork(new ClassTargetHead(weights, weights)));
            try (GraphRunner runner = new GraphRunner(model)) {
                float log3 = (float) Math.log(3);
                float[] e =
                        runner.floats("pooled", new float[] {log3, 0}, 1, 2).run().get("embedding");

                // Probabilities 3/6, 1/6, 2/6 over targets (1,0), (0,1), (0,0).
                double norm = Math.hypot(3, 1);
                float[] expected = {(float) (3 / norm), (float) (1 / norm)};
                Golden.assertClose(e, expected, 1e-6);
            }
        }
    }

    private GraphRunner.Outputs run(Network network, float[] pixels, int images, int size)
            throws OrtException {
        Path model = GraphFile.write(folder, "image", network);
        try (GraphRunner runner = new GraphRunner(model)) {
            return runner.floats("pixels", pixels, images, 3, size, size).run();
        }
    }

    static float[] random(SplittableRandom random, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    private ModelProto model(Network network) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(GraphFile.write(folder, "image", network)));
    }

    private static List<String> types(Path model) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(model)).getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
    }

    private static List<Long> ints(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .filter(a -> a.getName().equals(attribute))
                .findFirst()
                .orElseThrow()
                .getIntsList();
    }
}
