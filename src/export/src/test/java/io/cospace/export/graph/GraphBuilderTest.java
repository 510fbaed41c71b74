package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GraphBuilderTest {
    @TempDir Path folder;

    @Test
    void runs_a_gemm_over_bytes_inside_another_file() throws IOException, OrtException {
        ByteBuffer weights = ByteBuffer.allocate(7 + 6 * 4).order(ByteOrder.LITTLE_ENDIAN);
        weights.position(7);
        for (float w : new float[] {1, 2, 3, 4, 5, 6}) {
            weights.putFloat(w);
        }
        Files.write(folder.resolve("weights.bin"), weights.array());

        graph().write(folder.resolve("model.onnx"));

        try (GraphRunner runner = new GraphRunner(folder.resolve("model.onnx"))) {
            float[] y = runner.floats("x", new float[] {1, 10, 100, 0, 0, 1}, 2, 3).run().get("y");
            assertThat(y).containsExactly(new float[] {321, 654, 3, 6}, within(0f));
        }
    }

    @Test
    void writes_the_same_bytes_twice() {
        assertThat(graph().model().toByteArray()).isEqualTo(graph().model().toByteArray());
    }

    @Test
    void keeps_weights_out_of_the_model_and_names_its_operator_sets() {
        ModelProto model = graph().model();

        assertThat(model.getIrVersion()).isEqualTo(10);
        assertThat(model.getOpsetImportList())
                .extracting(o -> o.getDomain() + ":" + o.getVersion())
                .containsExactly(":24", "com.microsoft:1");
        assertThat(model.getGraph().getInitializer(0).getRawData().size()).isZero();
    }

    @Test
    void leaves_out_optional_inputs_and_cuts_them_at_the_end() {
        GraphBuilder g = new GraphBuilder("g");
        Value x = g.input("x", DataType.FLOAT, Shape.of("n"));
        g.node("Clip").apply(x, Value.NONE, g.number(6f));
        g.node("Clip").apply(x, g.number(0f), Value.NONE);

        assertThat(g.model().getGraph().getNode(0).getInputList())
                .containsExactly("x", "", "f.6.0");
        assertThat(g.model().getGraph().getNode(1).getInputList()).containsExactly("x", "f.0.0");
    }

    private static GraphBuilder graph() {
        GraphBuilder g = new GraphBuilder("g");
        Value x = g.input("x", DataType.FLOAT, Shape.of("n").by(3));
        Value w = g.external("w", DataType.FLOAT, "weights.bin", 7, 24, 2, 3);
        Value y = g.node("Gemm").set("transB", 1).apply(x, w);
        g.output("y", y, DataType.FLOAT, Shape.of("n").by(2));
        return g;
    }
}
