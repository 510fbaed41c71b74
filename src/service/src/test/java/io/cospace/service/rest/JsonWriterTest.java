package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    @Test
    void writes_nested_values_with_commas_where_they_belong() {
        JsonWriter out = new JsonWriter(10);
        out.object().name("a").array().value(1).value("x").array().endArray().endArray();
        out.name("b").object().endObject().name("c").value(true).name("d").value(0.5f);
        out.name("e").value(new float[] {1, -0.25f}).endObject();
        assertThat(new String(out.bytes(), UTF_8))
                .isEqualTo("{\"a\":[1,\"x\",[]],\"b\":{},\"c\":true,\"d\":0.5,\"e\":[1.0,-0.25]}");
    }

    @Test
    void escapes_what_json_must_escape_and_lone_surrogates() throws IOException {
        String text = "\"\\\n\r\t\u0000\u001f\u007f ü 日本 😀 \ud800x\udc00";
        JsonWriter out = new JsonWriter(10);
        byte[] json = out.value(text).bytes();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.VALUE_STRING);
            assertThat(parser.getText()).isEqualTo(text);
        }
        assertThat(new String(json, UTF_8)).contains("😀").contains("\\ud800x\\udc00");
    }

    @Test
    void writes_floats_that_read_back_as_the_same_floats() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            float any = Float.intBitsToFloat(random.nextInt());
            values[i] = Float.isFinite(any) ? any : (float) random.nextGaussian();
        }
        values[0] = Float.MIN_VALUE;
        values[1] = Float.MAX_VALUE;
        values[2] = -0f;
        byte[] json = new JsonWriter(10).value(values).bytes();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            for (float value : values) {
                parser.nextToken();
                assertThat(Float.floatToRawIntBits(Float.parseFloat(parser.getText())))
                        .isEqualTo(Float.floatToRawIntBits(value));
            }
        }
    }
}
