package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Crossmodal-3600 (Thapliyal et al. 2022): a JSON object an image and line, with {@code image/key},
 * {@code image/locale} and, by language, {@code {"caption": [...]}}. Figures are by language.
 */
final class Xm3600 {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Xm3600() {}

    static Benchmark of(Path folder, Benchmark.Options options) {
        Path list = folder.resolve("captions.jsonl");
        if (!Files.isRegularFile(list)) {
            throw new DataException(
                    folder + ": no captions.jsonl; the images go into a folder 'images' beside it");
        }
        List<ListedReader.Entry> entries = entries(folder, list, options.captions());
        return new Benchmark(
                "xm3600",
                List.of(list),
                Optional.empty(),
                skipped -> new ListedReader(list.toString(), entries, skipped));
    }

    private static List<ListedReader.Entry> entries(Path folder, Path list, int most) {
        List<ListedReader.Entry> entries = new ArrayList<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(list, UTF_8)) {
            String line;
            while ((line = lines.readLine()) != null) {
                number++;
                if (!line.isBlank()) {
                    entries.add(entry(folder, JSON.readTree(line), most));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(list + ": line " + number + ": " + e.getMessage(), e);
        }
        return entries;
    }

    private static ListedReader.Entry entry(Path folder, JsonNode line, int most) {
        String key = line.path("image/key").asText();
        if (key.isEmpty()) {
            throw new IllegalArgumentException("no image/key");
        }
        List<Caption> captions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : line.properties()) {
            int taken = 0;
            for (JsonNode text : field.getValue().path("caption")) {
                if (!text.asText().isBlank() && (most == 0 || taken++ < most)) {
                    captions.add(new Caption(text.asText(), field.getKey()));
                }
            }
        }
        Path image =
                Benchmark.first(
                                folder,
                                List.of("images/" + key + ".jpg", key + ".jpg", "images/" + key))
                        .orElse(folder.resolve("images/" + key + ".jpg"));
        return new ListedReader.Entry(
                key,
                image,
                captions.stream().distinct().toList(),
                Map.of("locale", line.path("image/locale").asText()));
    }
}
