package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The names and keywords of emoji in many languages (Unicode CLDR annotations), one emoji a line of
 * {@code emoji-names.jsonl.gz}. Pairs point into it with their metadata field {@code emoji}.
 */
public final class EmojiNames {
    private EmojiNames() {}

    /**
     * One emoji.
     *
     * @param emoji its code points in hex joined by {@code -}, without U+FE0F
     * @param character the emoji itself
     * @param names its name by language
     * @param keywords words people look it up by, by language
     */
    public record Emoji(
            @JsonProperty("emoji") String emoji,
            @JsonProperty("char") String character,
            @JsonProperty("names") Map<String, String> names,
            @JsonProperty("keywords") Map<String, List<String>> keywords) {
        /** Copies the maps; a line without names or keywords has none. */
        public Emoji {
            names = names == null ? Map.of() : Map.copyOf(names);
            keywords = keywords == null ? Map.of() : Map.copyOf(keywords);
        }
    }

    /**
     * Reads the table: by {@link Emoji#emoji}, in the order of the file.
     *
     * @throws DataException if the file cannot be read, naming the line
     */
    public static Map<String, Emoji> read(Path file) {
        ObjectReader json = JsonMapper.builder().build().readerFor(Emoji.class);
        Map<String, Emoji> table = new LinkedHashMap<>();
        int number = 0;
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain = new GZIPInputStream(raw, 1 << 16);
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                number++;
                Emoji emoji = json.readValue(line);
                table.put(emoji.emoji(), emoji);
            }
        } catch (IOException e) {
            throw new DataException(file + ": line " + number + ": " + e.getMessage(), e);
        }
        return table;
    }
}
