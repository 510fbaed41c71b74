package io.cospace.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
    @TempDir private Path folder;

    @Test
    void reads_every_type_as_floats() {
        Path file = folder.resolve("types.safetensors");
        new SafetensorsWriter()
                .add("f64", new TensorInfo(DataType.F64, 1), bytes(8).putDouble(0, -0.1))
                .add("f32", new float[] {1.5f, Float.NaN}, 2)
                .add("f16", new TensorInfo(DataType.F16, 1), bytes(2).putShort(0, (short) 0xc200))
                .add("bf16", new TensorInfo(DataType.BF16, 1), bytes(2).putShort(0, (short) 0xbf80))
                .add("i64", new TensorInfo(DataType.I64), bytes(8).putLong(0, -7))
                .add("i32", new TensorInfo(DataType.I32, 1), bytes(4).putInt(0, -7))
                .add("i16", new TensorInfo(DataType.I16, 1), bytes(2).putShort(0, (short) -7))
                .add("i8", new TensorInfo(DataType.I8, 1), bytes(1).put(0, (byte) -7))
                .add("u16", new TensorInfo(DataType.U16, 1), bytes(2).putShort(0, (short) 0xffff))
                .add("u8", new TensorInfo(DataType.U8, 1), bytes(1).put(0, (byte) 0xff))
                .add("bool", new TensorInfo(DataType.BOOL, 1), bytes(1).put(0, (byte) 1))
                .add("empty", new TensorInfo(DataType.F32, 0, 3), bytes(0))
                .write(file);
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.floats("f64")).containsExactly(-0.1f);
            assertThat(tensors.floats("f32")).containsExactly(1.5f, Float.NaN);
            assertThat(tensors.floats("f16")).containsExactly(-3f);
            assertThat(tensors.floats("bf16")).containsExactly(-1f);
            assertThat(tensors.floats("i64")).containsExactly(-7f);
            assertThat(tensors.info("i64").rank()).isZero();
            assertThat(tensors.longs("i32")).containsExactly(-7);
            assertThat(tensors.longs("i16")).containsExactly(-7);
            assertThat(tensors.longs("i8")).containsExactly(-7);
            assertThat(tensors.longs("u16")).containsExactly(65535);
            assertThat(tensors.longs("u8")).containsExactly(255);
            assertThat(tensors.floats("bool")).containsExactly(1f);
            assertThat(tensors.floats("empty")).isEmpty();
            assertThatThrownBy(() -> tensors.longs("f32"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tensors.floats("none")).hasMessageContaining("none");
        }
    }

    @Test
    void reads_a_part_of_a_tensor() {
        Path file = folder.resolve("part.safetensors");
        new SafetensorsWriter().add("t", new float[] {0, 1, 2, 3, 4, 5}, 3, 2).write(file);
        try (Safetensors tensors = Safetensors.open(file)) {
            float[] row = new float[2];
            tensors.read("t", 2, row);
            assertThat(row).containsExactly(2, 3);
            assertThatThrownBy(() -> tensors.read("t", 5, row))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void writes_the_same_bytes_in_any_order_with_aligned_data() throws IOException {
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        TensorInfo byteInfo = new TensorInfo(DataType.U8, 3);
        SafetensorsWriter writer =
                new SafetensorsWriter()
                        .add("a", byteInfo, bytes(3))
                        .add("c", new float[1], 1)
                        .add("b \"ü\"", new float[1], 1)
                        .metadata("format", "pt");
        Map<String, SafetensorsWriter.Extent> expected = writer.extents();
        assertThat(writer.write(first)).isEqualTo(expected);
        new SafetensorsWriter()
                .metadata("format", "pt")
                .add("b \"ü\"", new float[1], 1)
                .add("a", byteInfo, bytes(3))
                .add("c", new float[1], 1)
                .write(second);
        assertThat(first).hasSameBinaryContentAs(second);
        try (Safetensors tensors = Safetensors.open(first)) {
            assertThat(tensors.names()).containsExactly("b \"ü\"", "c", "a");
            assertThat(tensors.offset("b \"ü\"") % 64).isZero();
            assertThat(tensors.metadata()).containsExactly(Map.entry("format", "pt"));
            for (String name : tensors.names()) {
                assertThat(new SafetensorsWriter.Extent(tensors.offset(name), tensors.length(name)))
                        .isEqualTo(expected.get(name));
            }
        }
    }

    @Test
    void copies_tensors_byte_for_byte_under_a_new_name() {
        Path from = folder.resolve("from.safetensors");
        Path to = folder.resolve("to.safetensors");
        new SafetensorsWriter()
                .add("x", new TensorInfo(DataType.BF16, 2), bytes(4).putInt(0, 0x3f80bf80))
                .write(from);
        try (Safetensors source = Safetensors.open(from)) {
            new SafetensorsWriter().add("y", "x", source).write(to);
        }
        try (Safetensors copy = Safetensors.open(to)) {
            assertThat(copy.info("y")).isEqualTo(new TensorInfo(DataType.BF16, 2));
            assertThat(copy.raw("y").getInt(0)).isEqualTo(0x3f80bf80);
        }
    }

    @Test
    void leaves_nothing_behind_when_writing_fails() {
        Path file = folder.resolve("broken.safetensors");
        SafetensorsWriter writer =
                new SafetensorsWriter()
                        .add(
                                "t",
                                new TensorInfo(DataType.U8, 1),
                                target -> {
                                    throw new IOException("disk is gone");
                                });
        assertThatThrownBy(() -> writer.write(file)).isInstanceOf(UncheckedIOException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void reads_a_file_of_more_than_2_gb() throws IOException {
        Path file = folder.resolve("large.safetensors");
        long elements = 3L << 30;
        String json =
                "{\"large\":{\"dtype\":\"U8\",\"shape\":["
                        + elements
                        + "],\"data_offsets\":[0,"
                        + elements
                        + "]},\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":["
                        + elements
                        + ","
                        + (elements + 4)
                        + "]}}";
        Files.write(file, file(json, new byte[0]));
        long start = Files.size(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            sparse.setLength(start + elements + 4);
            channel.write(bytes(4).putFloat(0, 2.5f), start + elements);
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.floats("last")).containsExactly(2.5f);
            assertThatThrownBy(() -> tensors.floats("large"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("large");
            assertThatThrownBy(() -> tensors.raw("large")).hasMessageContaining("2 GB");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | needs 8 bytes
                    {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | must rise within 0..4
                    {"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | must rise within
                    {"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}} | negative
                    {"t":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}} | exceeds
                    {"t":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}} | whole numbers
                    {"t":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}} | dtype "F4" is not one of
                    {"t":{"dtype":"F32","shape":[1]}} | exactly dtype
                    {"t":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}} | cover 3 bytes
                    {"t":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}} | gap
                    {"t":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"u":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}} | overlaps
                    {"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | Duplicate field 't'
                    {"__metadata__":{"a":1},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | __metadata__.a
                    [] | one JSON object
                    {"t":[[[[[[[[[[[[1]]]]]]]]]]]]} | not sound JSON
                    {} {} | one JSON object
                    {"t" | not sound JSON
                    """)
    void refuses_a_header_that_is_wrong(String json, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.safetensors"), file(json, new byte[4]));
        assertThatThrownBy(() -> Safetensors.open(file).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("bad.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void refuses_lengths_and_encodings_that_are_wrong() throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> Safetensors.open(file).close()).hasMessageContaining("at least 8");
        Files.write(file, bytes(16).putLong(0, -1).array());
        assertThatThrownBy(() -> Safetensors.open(file).close())
                .hasMessageContaining("18446744073709551615");
        Files.write(file, bytes(16).putLong(0, 9).array());
        assertThatThrownBy(() -> Safetensors.open(file).close()).hasMessageContaining("2..8");
        Files.write(file, bytes(10).putLong(0, 2).putShort(8, (short) 0xc3c3).array());
        assertThatThrownBy(() -> Safetensors.open(file).close()).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none")).close())
                .hasMessageContaining("no such file");
    }

    private static byte[] file(String json, byte[] data) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        byte[] file = new byte[8 + header.length + data.length];
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data);
        return file;
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }
}
