package io.cospace.evaluate.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The JSON of Karpathy's splits: {@code images[]} of {@code {filepath?, filename, split,
 * sentences[{raw}]}} (Karpathy, Li 2015). The images lie where their own archives put them, or all
 * in one folder.
 */
final class Karpathy {
    private static final int CAPTIONS = 5;

    private Karpathy() {}

    static Benchmark coco(Path folder, Benchmark.Options options) {
        List<String> names =
                List.of(
                        "dataset_coco.json",
                        "annotations/dataset_coco.json",
                        "karpathy/dataset_coco.json");
        Path json =
                Benchmark.first(folder, names)
                        .orElseThrow(() ->
                                new DataException(
                                        folder
                                                + ": no dataset_coco.json; Karpathy's splits put it"
                                                + " beside the folders val2014 and train2014"));
        return of("coco", folder, json, options);
    }

    static Benchmark of(String name, Path folder, Path json, Benchmark.Options options) {
        String split = options.split().orElse("test");
        int most = options.captions() == 0 ? CAPTIONS : options.captions();
        List<ListedReader.Entry> entries = entries(folder, json, split, most);
        return new Benchmark(
                name + ":" + split,
                List.of(json),
                Optional.empty(),
                skipped -> new ListedReader(json.toString(), entries, skipped));
    }

    private static List<ListedReader.Entry> entries(
            Path folder, Path json, String split, int most) {
        JsonNode images = read(json).path("images");
        if (!images.isArray() || images.isEmpty()) {
            throw new DataException(json + ": no list 'images'");
        }
        List<ListedReader.Entry> entries = new ArrayList<>();
        SortedSet<String> splits = new TreeSet<>();
        for (JsonNode image : images) {
            splits.add(image.path("split").asText());
            if (image.path("split").asText().equals(split)) {
                entries.add(entry(folder, json, image, most));
            }
        }
        if (entries.isEmpty()) {
            throw new DataException(json + ": no image in split '" + split + "'; it has " + splits);
        }
        return entries;
    }

    private static JsonNode read(Path json) {
        try {
            return JsonMapper.builder().build().readTree(json.toFile());
        } catch (IOException e) {
            throw new DataException(json + ": is no JSON: " + e.getMessage(), e);
        }
    }

    private static ListedReader.Entry entry(Path folder, Path json, JsonNode image, int most) {
        String file = image.path("filename").asText();
        if (file.isEmpty()) {
            throw new DataException(json + ": an image has no filename: " + image);
        }
        List<Caption> captions = new ArrayList<>();
        for (JsonNode sentence : image.path("sentences")) {
            String text = sentence.path("raw").asText();
            if (!text.isBlank() && captions.size() < most) {
                Caption caption = new Caption(text, "en");
                if (!captions.contains(caption)) {
                    captions.add(caption);
                }
            }
        }
        return new ListedReader.Entry(
                file, find(folder, image.path("filepath").asText(), file), captions, Map.of());
    }

    /** Looks where the archives of both data sets put their images. */
    static Path find(Path folder, String inner, String file) {
        return List.of(inner, "images/" + inner, "images", "", "flickr30k-images", "Images")
                .stream()
                .map(place -> folder.resolve(place).resolve(file))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(folder.resolve(inner).resolve(file));
    }
}
