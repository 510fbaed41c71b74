package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The served runtime computes 4-bit matrices exactly as they are defined: no bit is lost. */
final class FourBitTest {
    private static final int ROWS = 24;
    private static final int COLUMNS = 96;
    private static final int GROUPS = COLUMNS / Weights.GROUP;

    @TempDir Path folder;
    private final byte[] codes = new byte[ROWS * COLUMNS / 2];
    private final short[] scales = new short[ROWS * GROUPS];

    @BeforeEach
    void write_a_matrix_with_scales_of_both_signs() {
        SplittableRandom random = new SplittableRandom(5);
        random.nextBytes(codes);
        ByteBuffer halves = ByteBuffer.allocate(2 * scales.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Float.floatToFloat16((float) (random.nextGaussian() * 0.01));
            halves.putShort(scales[i]);
        }
        new SafetensorsWriter()
                .add(
                        "m.weight_q4",
                        new TensorInfo(DataType.U8, ROWS, GROUPS, 16),
                        ByteBuffer.wrap(codes))
                .add("m.weight_scale", new TensorInfo(DataType.F16, ROWS, GROUPS), halves.flip())
                .write(folder.resolve("reference.safetensors"));
    }

    @Test
    void multiplies_the_identity_to_the_exact_matrix() throws OrtException {
        float[] identity = new float[COLUMNS * COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            identity[i * COLUMNS + i] = 1;
        }
        try (Safetensors file = Safetensors.open(folder.resolve("reference.safetensors"))) {
            Linear layer = Linear.of(Role.VALUE, "m").withoutBias();
            Path model = GraphFile.write(folder, "linear", linear(Weights.of(file), layer));
            try (GraphRunner runner = new GraphRunner(model)) {
                float[] y = runner.floats("x", identity, COLUMNS, COLUMNS).run().get("y");

                for (int row = 0; row < ROWS; row++) {
                    for (int column = 0; column < COLUMNS; column++) {
                        assertThat(y[column * ROWS + row]).isEqualTo(weight(row, column));
                    }
                }
            }
        }
    }

    @Test
    void looks_up_exact_rows() throws OrtException {
        try (Safetensors file = Safetensors.open(folder.resolve("reference.safetensors"))) {
            Path model = GraphFile.write(folder, "table", table(Weights.of(file)));
            try (GraphRunner runner = new GraphRunner(model)) {
                float[] y = runner.longs("i", new long[] {23, 0, 7}, 3).run().get("y");

                for (int column = 0; column < COLUMNS; column++) {
                    assertThat(y[column]).isEqualTo(weight(23, column));
                    assertThat(y[COLUMNS + column]).isEqualTo(weight(0, column));
                    assertThat(y[2 * COLUMNS + column]).isEqualTo(weight(7, column));
                }
            }
        }
    }

    @Test
    void unpacks_to_the_same_numbers() {
        try (Safetensors file = Safetensors.open(folder.resolve("reference.safetensors"))) {
            Weights weights = Weights.of(file);
            float[] all = weights.floats("m.weight");

            assertThat(weights.rows("m.weight")).isEqualTo(ROWS);
            assertThat(weights.columns("m.weight")).isEqualTo(COLUMNS);
            for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).isEqualTo(weight(i / COLUMNS, i % COLUMNS));
            }
        }
    }

    /** By the definition: low nibble first, offset 8, a scale for 32 columns. */
    private float weight(int row, int column) {
        int pair = codes[(row * COLUMNS + column) / 2] & 0xff;
        int nibble = column % 2 == 0 ? pair % 16 : pair / 16;
        return (nibble - 8) * Float.float16ToFloat(scales[row * GROUPS + column / 32]);
    }

    private static Network linear(Weights weights, Linear layer) {
        return target -> {
            GraphBuilder g = target.graph();
            var type = io.cospace.export.onnx.TensorProto.DataType.FLOAT;
            Value x = g.input("x", type, Shape.of("n").by(COLUMNS));
            g.output(
                    "y",
                    new Layers(target, weights).linear(layer, x),
                    type,
                    Shape.of("n").by(ROWS));
        };
    }

    private static Network table(Weights weights) {
        return target -> {
            GraphBuilder g = target.graph();
            var type = io.cospace.export.onnx.TensorProto.DataType.INT64;
            Value i = g.input("i", type, Shape.of("n"));
            g.output(
                    "y",
                    new Layers(target, weights).lookUp("m.weight", i),
                    io.cospace.export.onnx.TensorProto.DataType.FLOAT,
                    Shape.of("n").by(COLUMNS));
        };
    }
}
