package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.text.TextFormat.Prompts;
import io.cospace.encoder.text.TextFormat.Wrap;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextConfigTest {
    @TempDir private Path folder;

    @Test
    void follows_a_sentence_transformers_folder() throws IOException {
        modules("Transformer", "Pooling", "Dense", "Normalize");
        file("Pooling/config.json", "{\"pooling_mode_cls_token\":true,\"include_prompt\":true}");
        file(
                "config_sentence_transformers.json",
                "{\"prompts\":{\"query\":\"Instruct: find\\nQuery:\",\"document\":\"\"}}");
        file("sentence_bert_config.json", "{\"max_seq_length\":128,\"do_lower_case\":false}");

        TextConfig found = read("{\"model_type\":\"qwen3\"}");

        assertThat(found.pooling()).isEqualTo(Pooling.FIRST);
        assertThat(found.prompts()).isEqualTo(new Prompts("Instruct: find\nQuery:", ""));
        assertThat(found.maxTokens()).isEqualTo(128);
        assertThat(found.dense()).containsExactly(folder.resolve("Dense"));
        assertThat(found.wrap()).isNull();
    }

    @Test
    void takes_the_towers_own_pooling_and_limit_where_the_folder_is_silent() throws IOException {
        TextConfig found = read("{\"model_type\":\"qwen3\"}");
        assertThat(found.pooling()).isEqualTo(Pooling.LAST);
        assertThat(found.maxTokens()).isEqualTo(8192);
        assertThat(read("{\"model_type\":\"bert\"}").maxTokens()).isEqualTo(512);
    }

    @Test
    void knows_the_prompts_of_e5_by_name() throws IOException {
        String config =
                "{\"model_type\":\"bert\",\"_name_or_path\":\"intfloat/multilingual-e5-small\"}";
        assertThat(read(config).prompts()).isEqualTo(new Prompts("query: ", "passage: "));
    }

    @Test
    void wraps_texts_for_the_embedders_of_llm2clip_and_leaves_the_prefix_out_of_the_mean()
            throws IOException {
        TextConfig found =
                read("{\"model_type\":\"llama\",\"architectures\":[\"LlamaEncoderModel\"]}");
        assertThat(found.wrap())
                .isEqualTo(
                        new Wrap(
                                "<|start_header_id|>user<|end_header_id|>\n\n",
                                "<|eot_id|>",
                                true));
        assertThat(found.meanBehindPrefix()).isTrue();
        assertThat(found.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(found.maxTokens()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"pooling_mode_max_tokens":true} | [pooling_mode_max_tokens]
                    {"pooling_mode_mean_tokens":true,"pooling_mode_cls_token":true} | pooling is [
                    {"pooling_mode_mean_tokens":true,"include_prompt":false} | include_prompt is false
                    """)
    void refuses_poolings_that_are_not_computed(String json, String message) throws IOException {
        modules("Transformer", "Pooling");
        file("Pooling/config.json", json);
        assertThatThrownBy(() -> read("{}"))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refuses_unknown_modules_and_paths_outside() throws IOException {
        modules("Transformer", "WeightedLayerPooling");
        assertThatThrownBy(() -> read("{}"))
                .hasMessageContaining("WeightedLayerPooling is unknown");
        file("modules.json", "[{\"path\":\"../x\",\"type\":\"a.Dense\"}]");
        assertThatThrownBy(() -> read("{}")).hasMessageContaining("leaves the folder");
    }

    private TextConfig read(String config) throws IOException {
        JsonNode json = JsonFile.MAPPER.readTree(config);
        TextTower tower =
                new TextTower(
                        "a tower",
                        Set.of(),
                        Map.of(),
                        64,
                        json.path("model_type").asText().equals("bert") ? 512 : 32768,
                        Pooling.LAST,
                        weights -> Head.unit(64),
                        (weights, layout, pooling, skip, head) -> target -> {});
        return TextConfig.read(folder, json, tower);
    }

    private void modules(String... types) throws IOException {
        StringBuilder json = new StringBuilder("[");
        for (String type : types) {
            json.append(json.length() > 1 ? "," : "")
                    .append(
                            "{\"path\":\"%s\",\"type\":\"sentence_transformers.models.%s\"}"
                                    .formatted(type.equals("Transformer") ? "" : type, type));
        }
        file("modules.json", json.append("]").toString());
    }

    private void file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(folder.resolve(name.contains("/") ? "Pooling" : ""));
        Files.writeString(file, content);
    }
}
