package io.cospace.training.ingredients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiTableTest {
    @TempDir Path folder;
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void names_of_both_packages_are_found_with_and_without_the_mark_of_colour() throws IOException {
        annotate("whole/annotations/de", "annotations", "❤\uFE0F", "rotes Herz", "Herz");
        annotate(
                "derived/annotationsDerived/no", "annotationsDerived", "3\u20E3", "taster: 3", "3");
        EmojiTable table = new EmojiTable(json, folder.resolve("whole"), folder.resolve("derived"));

        assertThat(table.line("2764"))
                .hasToString(
                        """
                        {"emoji":"2764","char":"❤","names":{"de":"rotes Herz"},"keywords":{"de":["Herz"]}}\
                        """
                                .strip());
        assertThat(table.line("33-20e3").path("names").path("nb").asText()).isEqualTo("taster: 3");
    }

    private void annotate(String path, String root, String emoji, String name, String keyword)
            throws IOException {
        Path language = Files.createDirectories(folder.resolve(path));
        Files.writeString(
                language.resolve("annotations.json"),
                """
                {"%s": {"annotations": {"%s": {"default": ["%s", "%s"], "tts": ["%s"]}}}}
                """
                        .formatted(root, emoji, keyword, name, name));
    }

    @Test
    void icons_are_found_by_code_points_in_any_spelling() throws IOException {
        Files.writeString(
                folder.resolve("chars.json"),
                "{\"0033-fe0f-20e3\": \"three\", \"1f600\": \"face\"}");
        Files.writeString(
                folder.resolve("icons.json"),
                """
                {"prefix": "set", "width": 36, "height": 36,
                 "icons": {"three": {"body": "<g/>"}, "face": {"body": "<path/>", "width": 40}}}
                """);
        IconSet icons = new IconSet(json, folder);

        assertThat(icons.svg("33-20e3")).endsWith(" viewBox=\"0 0 36 36\"><g/></svg>");
        assertThat(icons.svg("1f600")).endsWith(" viewBox=\"0 0 40 36\"><path/></svg>");
        assertThatThrownBy(() -> icons.svg("1f601")).hasMessage("the package set has no 1f601");
    }
}
