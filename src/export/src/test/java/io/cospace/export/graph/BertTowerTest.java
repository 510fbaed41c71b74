package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class BertTowerTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"text/bert,PADDED", "text/bert,PACKED", "text/xlmr,PADDED", "text/xlmr,PACKED"})
    void equals_golden_on_every_row(String area, TextLayout layout)
            throws IOException, OrtException {
        Golden golden = Golden.of(area);
        Path model = write(golden, PrecisionPlan.of(Precision.FP32), layout);
        try (Safetensors io = golden.io();
                GraphRunner runner = new GraphRunner(model)) {
            Batch batch = Batch.of(io);
            GraphRunner.Outputs outputs = batch.feed(runner, layout).run();

            Golden.assertClose(outputs.get("pooled"), io.floats("mean_pooled"), Golden.TOLERANCE);
            Golden.assertClose(outputs.get("embedding"), io.floats("embedding"), Golden.TOLERANCE);
        }
    }

    @Test
    void says_the_same_of_a_text_in_any_company_at_int8() throws IOException, OrtException {
        Golden golden = Golden.of("text/bert");
        Path model = write(golden, PrecisionPlan.of(Precision.INT8), TextLayout.PADDED);
        RandomGenerator random = new SplittableRandom(3);
        try (GraphRunner runner = new GraphRunner(model)) {
            for (int round = 0; round < 50; round++) {
                Batch batch = Batch.random(random, 7, 32, 120);
                float[] together = batch.feed(runner, TextLayout.PADDED).run().get("embedding");
                Batch alone = new Batch(List.of(batch.texts().get(3)));
                float[] single = alone.feed(runner, TextLayout.PADDED).run().get("embedding");

                float[] row = Arrays.copyOfRange(together, 3 * 64, 4 * 64);
                Golden.assertCosines(row, single, 64, 0.999999);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void stays_close_to_golden_at_every_precision(Precision precision)
            throws IOException, OrtException {
        Golden golden = Golden.of("text/bert");
        Path model = write(golden, PrecisionPlan.of(precision), TextLayout.PADDED);
        try (Safetensors io = golden.io();
                GraphRunner runner = new GraphRunner(model)) {
            float[] actual = Batch.of(io).feed(runner, TextLayout.PADDED).run().get("embedding");
            float[] expected = io.floats("embedding");
            Golden.assertCosines(actual, expected, 64, 0.999);
        }
    }

    @Test
    void repeats_each_zero_point_once_for_all_layers() throws IOException {
        Path model =
                write(Golden.of("text/bert"), PrecisionPlan.of(Precision.INT8), TextLayout.PACKED);
        List<NodeProto> nodes =
                ModelProto.parseFrom(Files.readAllBytes(model)).getGraph().getNodeList();

        assertThat(nodes).filteredOn(node -> node.getOpType().equals("QuantizeLinear")).hasSize(8);
        assertThat(nodes)
                .filteredOn(node -> node.getOpType().equals("Expand"))
                .extracting(node -> node.getInput(0))
                .containsExactly("u.128", "u.16");
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void writes_the_same_bytes_twice(Precision precision) throws IOException {
        Golden golden = Golden.of("text/bert");
        Path model = write(golden, PrecisionPlan.of(precision), TextLayout.PADDED);
        byte[] first = Files.readAllBytes(model);
        Path derived = folder.resolve("text." + precision.id() + ".safetensors");
        byte[] firstDerived = Files.exists(derived) ? Files.readAllBytes(derived) : new byte[0];
        Files.delete(folder.resolve("reference.safetensors"));

        write(golden, PrecisionPlan.of(precision), TextLayout.PADDED);

        assertThat(Files.readAllBytes(model)).isEqualTo(first);
        if (firstDerived.length > 0) {
            assertThat(Files.readAllBytes(derived)).isEqualTo(firstDerived);
        }
    }

    @Test
    void refuses_a_configuration_that_does_not_fit_the_tensors() throws IOException {
        Golden golden = Golden.of("text/bert");
        try (Safetensors file = golden.weights("model.safetensors", folder)) {
            Weights weights = Weights.of(file);
            assertThatThrownBy(() ->
                            new BertTower(
                                    new BertConfig(3, 1e-12f, 0),
                                    weights,
                                    TextLayout.PADDED,
                                    Head.unit(64)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2 layers of width 64 with 3 heads");
        }
    }

    private Path write(Golden golden, PrecisionPlan plan, TextLayout layout) throws IOException {
        try (Safetensors file = golden.weights("model.safetensors", folder)) {
            BertTower tower =
                    new BertTower(
                            BertConfig.of(golden.config()),
                            Weights.of(file),
                            layout,
                            Head.unit(64));
            return GraphFile.write(folder, "text", plan, tower);
        }
    }
}
