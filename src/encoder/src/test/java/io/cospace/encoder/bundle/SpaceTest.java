package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {

    private static final TextFormat TEXT =
            new TextFormat(
                    512,
                    TextFormat.Pooling.MEAN,
                    new TextFormat.Prompts("query: ", "query: "),
                    null);
    private static final Preprocessing IMAGE = preprocessing(224);
    private static final String A =
            "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    private static final String B =
            "\"b\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[4,8]}";

    private @TempDir Path folder;

    @BeforeEach
    void writeParts() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        write("text.safetensors", "{" + A + "," + B + "}", 1, 2);
        write("image.safetensors", "{" + A + "}", 3);
    }

    @Test
    void is_the_name_and_sixteen_digits() {
        assertThat(space()).matches("tiny-[0-9a-f]{16}").isEqualTo(space());
    }

    @Test
    void changes_with_every_part_that_decides_a_vector() throws IOException {
        String before = space();
        assertThat(Space.compute("tiny", folder, TEXT, preprocessing(192))).isNotEqualTo(before);
        TextFormat cut = new TextFormat(256, TEXT.pooling(), TEXT.prompts(), null);
        assertThat(Space.compute("tiny", folder, cut, IMAGE)).isNotEqualTo(before);

        write("text.safetensors", "{" + A + "," + B + "}", 1, 3);
        String otherWeights = space();
        assertThat(otherWeights).isNotEqualTo(before);
        Files.writeString(folder.resolve("tokenizer.json"), "{ }");
        assertThat(space()).isNotEqualTo(otherWeights);
    }

    @Test
    void stays_when_only_the_layout_of_a_file_or_a_derived_file_changes() throws IOException {
        String before = space();

        write("text.safetensors", "{\"__metadata__\":{\"x\":\"y\"}," + B + "," + A + "}", 1, 2);
        write("text.int8.safetensors", "{" + A + "}", 5);
        Files.writeString(folder.resolve("text.int8.onnx"), "graph");

        assertThat(space()).isEqualTo(before);
    }

    @Test
    void refuses_a_tensor_outside_its_file() throws IOException {
        write("text.safetensors", "{" + A + "," + B + "}", 1);

        assertThatThrownBy(this::space)
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(
                        "text.safetensors: tensor b of type 'I8' at 4..8 is not in the file");
    }

    @Test
    void refuses_a_file_that_is_not_safetensors() throws IOException {
        Files.writeString(folder.resolve("text.safetensors"), "PK");
        assertThatThrownBy(this::space)
                .hasMessageContaining("text.safetensors: is not safetensors");
        Files.writeString(folder.resolve("text.safetensors"), "PKxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        assertThatThrownBy(this::space)
                .hasMessageContaining("text.safetensors: is not safetensors");
        write("text.safetensors", "{]");
        assertThatThrownBy(this::space).hasMessageContaining("the header is not JSON");
    }

    private String space() {
        return Space.compute("tiny", folder, TEXT, IMAGE);
    }

    private void write(String file, String header, int... values) throws IOException {
        byte[] json = header.getBytes(UTF_8);
        ByteBuffer all =
                ByteBuffer.allocate(8 + json.length + 4 * values.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(json.length).put(json);
        for (int value : values) {
            all.putInt(value);
        }
        Files.write(folder.resolve(file), all.array());
    }

    private static Preprocessing preprocessing(int size) {
        List<Double> mean = List.of(127.0, 127.0, 127.0);
        return new Preprocessing(
                size,
                Preprocessing.Resize.SQUASH,
                size,
                Preprocessing.Interpolation.BICUBIC,
                1,
                mean,
                mean,
                List.of(255, 255, 255));
    }
}
