package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiNamesTest {
    @TempDir Path folder;

    @Test
    void reads_names_and_keywords_by_language() throws IOException {
        Path file =
                write(
                        """
                        {"emoji":"1f600","char":"😀","names":{"de":"grinsendes Gesicht"},"keywords":{"de":["lol"]}}
                        {"emoji":"26ab","char":"⚫","names":{"en":"black circle"}}
                        """);
        Map<String, EmojiNames.Emoji> table = EmojiNames.read(file);
        assertThat(table.keySet()).containsExactly("1f600", "26ab");
        EmojiNames.Emoji first = table.get("1f600");
        assertThat(first)
                .isEqualTo(
                        new EmojiNames.Emoji(
                                "1f600",
                                "😀",
                                Map.of("de", "grinsendes Gesicht"),
                                Map.of("de", List.of("lol"))));
        assertThat(table.get("26ab")).extracting(EmojiNames.Emoji::keywords).isEqualTo(Map.of());
    }

    @Test
    void names_the_bad_line() throws IOException {
        Path file = write("{\"emoji\":\"1f600\",\"char\":\"😀\",\"names\":{}}\nnonsense\n");
        assertThatThrownBy(() -> EmojiNames.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": line 2: ");
    }

    private Path write(String text) throws IOException {
        Path file = folder.resolve("names.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(UTF_8));
        }
        return file;
    }
}
