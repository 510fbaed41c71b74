package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import io.cospace.export.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The served runtime computes with matrices in few bits exactly as they are defined. */
final class BlockFormTest {
    private static final int ROWS = 24;
    private static final int COLUMNS = 96;
    private static final int GROUPS = COLUMNS / BlockForm.GROUP;

    @TempDir Path folder;

    /** A matrix of random codes, and scales of both signs, under its definition. */
    private static final class Random {
        private final BlockForm form;
        private final byte[] codes;
        private final short[] scales = new short[ROWS * GROUPS];

        Random(BlockForm form) {
            this.form = form;
            codes = new byte[ROWS * GROUPS * form.groupBytes()];
            SplittableRandom random = new SplittableRandom(5);
            random.nextBytes(codes);
            for (int i = 0; i < scales.length; i++) {
                scales[i] = Float.floatToFloat16((float) (random.nextGaussian() * 0.01));
            }
        }

        Safetensors write(Path file) {
            ByteBuffer halves =
                    ByteBuffer.allocate(2 * scales.length).order(ByteOrder.LITTLE_ENDIAN);
            halves.asShortBuffer().put(scales);
            TensorInfo codesInfo =
                    new TensorInfo(
                            io.cospace.export.checkpoint.DataType.U8,
                            ROWS,
                            GROUPS,
                            form.groupBytes());
            TensorInfo scalesInfo =
                    new TensorInfo(io.cospace.export.checkpoint.DataType.F16, ROWS, GROUPS);
            new SafetensorsWriter()
                    .add("m.weight" + form.suffix(), codesInfo, ByteBuffer.wrap(codes))
                    .add("m.weight_scale", scalesInfo, halves)
                    .write(file);
            return Safetensors.open(file);
        }

        float weight(int row, int column) {
            float scale = Float.float16ToFloat(scales[row * GROUPS + column / 32]);
            if (form == BlockForm.EIGHT_BIT) {
                return ((codes[row * COLUMNS + column] & 0xff) - 128) * scale;
            }
            int pair = codes[(row * COLUMNS + column) / 2] & 0xff;
            return ((column % 2 == 0 ? pair % 16 : pair / 16) - 8) * scale;
        }
    }

    @ParameterizedTest
    @EnumSource(BlockForm.class)
    void multiplies_the_identity_to_the_exact_matrix(BlockForm form) throws OrtException {
        Random matrix = new Random(form);
        float[] identity = new float[COLUMNS * COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            identity[i * COLUMNS + i] = 1;
        }
        try (Safetensors file = matrix.write(folder.resolve("reference.safetensors"))) {
            Path model = GraphFile.write(folder, "linear", linear(Weights.of(file)));
            try (GraphRunner runner = new GraphRunner(model)) {
                float[] y = runner.floats("x", identity, COLUMNS, COLUMNS).run().get("y");

                for (int row = 0; row < ROWS; row++) {
                    for (int column = 0; column < COLUMNS; column++) {
                        assertThat(y[column * ROWS + row]).isEqualTo(matrix.weight(row, column));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BlockForm.class)
    void looks_up_exact_rows(BlockForm form) throws OrtException {
        Random matrix = new Random(form);
        try (Safetensors file = matrix.write(folder.resolve("reference.safetensors"))) {
            Path model = GraphFile.write(folder, "table", table(Weights.of(file)));
            try (GraphRunner runner = new GraphRunner(model)) {
                float[] y = runner.longs("i", new long[] {23, 0, 7}, 3).run().get("y");

                for (int column = 0; column < COLUMNS; column++) {
                    assertThat(y[column]).isEqualTo(matrix.weight(23, column));
                    assertThat(y[COLUMNS + column]).isEqualTo(matrix.weight(0, column));
                    assertThat(y[2 * COLUMNS + column]).isEqualTo(matrix.weight(7, column));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BlockForm.class)
    void unpacks_to_the_same_numbers(BlockForm form) {
        Random matrix = new Random(form);
        try (Safetensors file = matrix.write(folder.resolve("reference.safetensors"))) {
            Weights weights = Weights.of(file);
            float[] all = weights.floats("m.weight");

            assertThat(weights.rows("m.weight")).isEqualTo(ROWS);
            assertThat(weights.columns("m.weight")).isEqualTo(COLUMNS);
            for (int i = 0; i < all.length; i++) {
                assertThat(all[i]).isEqualTo(matrix.weight(i / COLUMNS, i % COLUMNS));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FOUR_BIT,0.1251", "EIGHT_BIT,0.0079"})
    void packs_within_one_step_of_each_group(BlockForm form, float step) {
        float[] weights = EfficientNetLiteTest.random(new SplittableRandom(3), 320, 1);
        weights[40] = 0;
        short[] scales = form.scales(weights);
        float[] halves = new float[scales.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Float.float16ToFloat(scales[i]);
        }
        float[] back = form.unpack(form.codes(weights, scales), halves);
        for (int i = 0; i < weights.length; i++) {
            float farthest = 0;
            for (int j = i / 32 * 32; j < i / 32 * 32 + 32; j++) {
                farthest = Math.max(farthest, Math.abs(weights[j]));
            }
            // Half a step, and where 4 bits lack the code 16, a whole one.
            assertThat(back[i]).isCloseTo(weights[i], within(step * farthest));
        }
    }

    @ParameterizedTest
    @EnumSource(BlockForm.class)
    void a_packed_decoder_equals_the_same_numbers_unpacked(BlockForm form)
            throws IOException, OrtException {
        Golden golden = Golden.of("text/qwen3");
        try (Imported<TextTower> tower =
                        Imported.of(
                                TextTower.class,
                                golden.folder().resolve("model.safetensors"),
                                golden.config(),
                                folder);
                Safetensors io = golden.io();
                Safetensors packed = packed(tower.file(), form);
                Safetensors unpacked = unpacked(packed, tower.file())) {
            assertThat(packed.names()).contains("embed_tokens.weight" + form.suffix());
            Batch batch = Batch.of(io, "input_ids_right", "attention_mask_right");
            float[] expected = run(tower.part(), unpacked, Precision.FP32, batch);
            for (Precision precision : Precision.values()) {
                float[] actual = run(tower.part(), packed, precision, batch);
                if (precision == Precision.FP32) {
                    Golden.assertClose(actual, expected, 1e-6);
                }
                Golden.assertCosines(actual, expected, 64, 0.99);
            }
        }
    }

    private Safetensors packed(Safetensors plain, BlockForm form) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : plain.names()) {
            if (Packing.fits(name, plain.info(name))) {
                Packing.add(writer, name, plain, form);
            } else {
                writer.add(name, plain);
            }
        }
        writer.write(folder.resolve("packed.safetensors"));
        return Safetensors.open(folder.resolve("packed.safetensors"));
    }

    private Safetensors unpacked(Safetensors packed, Safetensors plain) {
        Weights weights = Weights.of(packed);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : plain.names()) {
            writer.add(name, weights.floats(name), plain.info(name).shape());
        }
        writer.write(folder.resolve("unpacked.safetensors"));
        return Safetensors.open(folder.resolve("unpacked.safetensors"));
    }

    private float[] run(TextTower tower, Safetensors file, Precision precision, Batch batch)
            throws OrtException {
        Weights weights = Weights.of(file);
        Network network =
                tower.network().of(weights, TextLayout.PADDED, Pooling.LAST, 0, Head.unit(64));
        Path model = GraphFile.write(folder, "text", PrecisionPlan.of(precision), network);
        try (GraphRunner runner = new GraphRunner(model)) {
            return batch.feed(runner, TextLayout.PADDED).run().get("embedding");
        }
    }

    @Test
    void refuses_to_pack_what_is_no_matrix_of_whole_groups() throws IOException {
        Golden golden = Golden.of("text/qwen3");
        try (Safetensors file = golden.weights("model.safetensors", folder)) {
            assertThatThrownBy(() ->
                            Packing.add(
                                    new SafetensorsWriter(),
                                    "norm.weight",
                                    file,
                                    BlockForm.FOUR_BIT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("norm.weight BF16[64]");
        }
    }

    private static Network linear(Weights weights) {
        return target -> {
            GraphBuilder g = target.graph();
            Linear layer = Linear.of(Role.VALUE, "m").withoutBias();
            Value x = g.input("x", DataType.FLOAT, Shape.of("n").by(COLUMNS));
            Value y = new Layers(target, weights).linear(layer, x);
            g.output("y", y, DataType.FLOAT, Shape.of("n").by(ROWS));
        };
    }

    private static Network table(Weights weights) {
        return target -> {
            GraphBuilder g = target.graph();
            Value i = g.input("i", DataType.INT64, Shape.of("n"));
            Value y = new Layers(target, weights).lookUp("m.weight", i);
            g.output("y", y, DataType.FLOAT, Shape.of("n").by(COLUMNS));
        };
    }
}
