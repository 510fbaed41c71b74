package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClipTokenizerTest {
    /** Hugging Face's own file of the same vocabulary, whose ids the encoder's tests compare. */
    private static final Path GOLDEN =
            Path.of(System.getProperty("cospace.root"))
                    .resolve(
                            "src/encoder/src/test/resources/golden/tokenise/clip/tokenizer.json.gz");

    @Test
    void makes_hugging_faces_tokenizer_of_the_published_merges() throws IOException {
        assertThat(JsonFile.MAPPER.readTree(ClipTokenizer.published())).isEqualTo(golden());
    }

    @Test
    void makes_the_same_of_vocab_json_and_merges_txt(@TempDir Path folder) throws IOException {
        JsonNode model = golden().path("model");
        Path vocabulary = folder.resolve("vocab.json");
        Files.write(vocabulary, JsonFile.MAPPER.writeValueAsBytes(model.path("vocab")));
        List<String> lines = new ArrayList<>(List.of("#version: 0.2"));
        model.path("merges").forEach(m -> lines.add(m.get(0).asText() + " " + m.get(1).asText()));
        Path merges = Files.write(folder.resolve("merges.txt"), lines);

        byte[] made = ClipTokenizer.of(vocabulary, merges);

        assertThat(JsonFile.MAPPER.readTree(made)).isEqualTo(golden());
    }

    @Test
    void refuses_a_vocabulary_without_clips_special_tokens(@TempDir Path folder)
            throws IOException {
        Path vocabulary = Files.writeString(folder.resolve("vocab.json"), "{\"a\":0}");
        assertThatThrownBy(() -> ClipTokenizer.of(vocabulary, folder.resolve("merges.txt")))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("<|startoftext|>");
    }

    private static JsonNode golden() throws IOException {
        try (InputStream file = new GZIPInputStream(Files.newInputStream(GOLDEN))) {
            return JsonFile.MAPPER.readTree(file);
        }
    }
}
