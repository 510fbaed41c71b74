package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.text.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfTestTest {

    private static final String JSON =
            """
            {
              "texts" : [
                {
                  "text" : "a",
                  "task" : "query",
                  "embedding" : "AACAPw=="
                }
              ],
              "images" : [
                {
                  "image" : "R0lG",
                  "embedding" : "AAAAAA=="
                }
              ],
              "rankings" : [
                [
                  0
                ]
              ],
              "min_cosine" : {
                "image" : {
                  "fp32" : 0.9999
                },
                "text" : {
                  "fp32" : 0.9999,
                  "int8" : 0.98
                }
              }
            }
            """;

    @Test
    void reads_what_it_writes() {
        SelfTest test = read(JSON);

        assertThat(test.texts().getFirst().task()).isEqualTo(Task.QUERY);
        assertThat(test.texts().getFirst().vector()).containsExactly(1);
        assertThat(test.images().getFirst().bytes()).asString().isEqualTo("GIF");
        assertThat(test.images().getFirst().vector()).containsExactly(0);
        assertThat(test.minCosine().text()).containsEntry("int8", 0.98);
        assertThat(new String(ManifestJson.write(test), UTF_8)).isEqualTo(JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    "AACAPw=="    ; "AACA"      ; texts.[0]: 3 bytes are not whole float32 values
                    "AACAPw=="    ; "%%%%"      ; texts.[0]: Illegal base64 character
                    "R0lG"        ; "R0l~"      ; images.[0]: Illegal base64 character
                    "query"       ; "ask"       ; texts.[0].task:
                    0\\n          ; 1\\n        ; rankings is 1; must be an index of texts
                    0\\n          ; 0, 0\\n     ; rankings is [0, 0]; must name each text once
                    "rankings" : [; "rankings" : [ [], ; rankings is 2; must be one an image
                    """)
    void refuses(String piece, String replacement, String message) {
        String json = JSON.replace(piece.replace("\\n", "\n"), replacement.replace("\\n", "\n"));
        assertThat(json).isNotEqualTo(JSON);
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("self-test.json: ")
                .hasMessageContaining(message);
    }

    private static SelfTest read(String json) {
        return ManifestJson.read("self-test.json", json.getBytes(UTF_8), SelfTest.class);
    }
}
