package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.error.TextException;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Every golden string has the ids that Hugging Face's tokenizers give it. */
class GoldenTokenTest {

    @Test
    void xlmr_ids_are_hugging_faces() {
        try (Tokenizer tokenizer = Golden.tokenizer("xlmr", Golden.format(512))) {
            List<JsonNode> cases = Golden.cases("xlmr");
            assertThat(cases).hasSize(393);
            SoftAssertions all = new SoftAssertions();
            for (JsonNode golden : cases) {
                int[] expected = Golden.ids(golden.path("ids"));
                TokenizedText tokens = tokens(tokenizer, golden, expected);
                all.assertThat(tokens.ids()).as(golden.path("text").asText()).isEqualTo(expected);
                if (golden.has("ids_truncated_512")) {
                    all.assertThat(tokenizer.truncate(tokens, Side.START).ids())
                            .isEqualTo(Golden.ids(golden.path("ids_truncated_512")));
                }
            }
            all.assertAll();
        }
    }

    @Test
    void clip_ids_are_hugging_faces() {
        try (Tokenizer tokenizer = Golden.tokenizer("clip", Golden.format(77))) {
            List<JsonNode> cases = Golden.cases("clip");
            assertThat(cases).hasSize(192);
            SoftAssertions all = new SoftAssertions();
            for (JsonNode golden : cases) {
                String key = golden.has("ids_hf_fast") ? "ids_hf_fast" : "ids";
                int[] expected = Golden.ids(golden.path(key));
                all.assertThat(
                                tokenizer
                                        .truncate(tokens(tokenizer, golden, expected), Side.START)
                                        .ids())
                        .as(golden.path("text").asText())
                        .isEqualTo(expected);
            }
            all.assertAll();
        }
    }

    /**
     * A text that is refused since nothing of it is left must be one of which Python keeps only the
     * frame, too.
     */
    private static TokenizedText tokens(Tokenizer tokenizer, JsonNode golden, int[] expected) {
        try {
            return tokenizer.tokenize(golden.path("text").asText(), Task.DOCUMENT);
        } catch (TextException.Empty nothing) {
            assertThat(expected).as("ids of '" + golden.path("text").asText() + "'").hasSize(2);
            return new TokenizedText(expected, new int[2], new int[2], 1, 1);
        }
    }
}
