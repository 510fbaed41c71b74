package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreprocessingTest {
    private static final String JSON =
            "{'size':256,'resize':'shortest','crop':224,'interpolation':'bicubic','rescale':0.5,'mean':[1.0,2.0,3.0],'std':[4.0,5.0,6.0],'background':[255,254,0]}"
                    .replace('\'', '"');

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void is_read_from_and_written_to_the_manifest() throws JsonProcessingException {
        Preprocessing read = mapper.readValue(JSON, Preprocessing.class);

        assertThat(read)
                .isEqualTo(
                        new Preprocessing(
                                256,
                                Resize.SHORTEST,
                                224,
                                Interpolation.BICUBIC,
                                0.5,
                                List.of(1.0, 2.0, 3.0),
                                List.of(4.0, 5.0, 6.0),
                                List.of(255, 254, 0)));
        assertThat(mapper.writeValueAsString(read)).isEqualTo(JSON);
    }

    @Test
    void has_no_background_where_the_manifest_has_none() throws JsonProcessingException {
        Preprocessing read =
                mapper.readValue(
                        JSON.replace(",\"background\":[255,254,0]", ""), Preprocessing.class);

        assertThat(read.background()).isNull();
        assertThat(mapper.writeValueAsString(read)).doesNotContain("background");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "size":256 | "size":0 | size is 0; it must be 1..4096
                    "size":256 | "size":5000 | size is 5000; it must be 1..4096
                    "crop":224 | "crop":257 | crop is 257; it must be 1..256
                    "rescale":0.5 | "rescale":0 | rescale is 0.0; it must be finite and not 0
                    [1.0,2.0,3.0] | [1.0,2.0] | mean has 2 values; it must have 3: red, green, blue
                    [4.0,5.0,6.0] | [4.0,0,6.0] | std is [4.0, 0.0, 6.0]; each value must be above 0
                    [255,254,0] | [255,256,0] | background is 256; it must be 0..255
                    "bicubic" | null | interpolation is null
                    """)
    void refuses_a_value_out_of_range_and_names_it(String good, String bad, String message) {
        assertThatThrownBy(() -> mapper.readValue(JSON.replace(good, bad), Preprocessing.class))
                .isInstanceOf(ValueInstantiationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refuses_unknown_keys_and_values() {
        assertThatThrownBy(() ->
                        mapper.readValue(
                                JSON.replace("\"crop\"", "\"kernel\":3,\"crop\""),
                                Preprocessing.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
        assertThatThrownBy(() ->
                        mapper.readValue(JSON.replace("shortest", "middle"), Preprocessing.class))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("middle");
    }
}
