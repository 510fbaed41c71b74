package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Flickr30k as Karpathy's JSON, as {@code results.csv} ({@code image_name| comment_number|
 * comment}) or as the original token file ({@code name.jpg#0<TAB>caption}). The latter two know no
 * splits: {@code test.txt} beside them lists the names of the images, or the split is {@code all}.
 */
final class Flickr30k {
    private static final int CAPTIONS = 5;

    private Flickr30k() {}

    static Benchmark of(Path folder, Benchmark.Options options) {
        Optional<Path> json =
                Benchmark.first(
                        folder,
                        List.of("dataset_flickr30k.json", "annotations/dataset_flickr30k.json"));
        if (json.isPresent()) {
            return Karpathy.of("flickr30k", folder, json.get(), options);
        }
        Path list =
                Benchmark.first(
                                folder,
                                List.of(
                                        "results_20130124.token",
                                        "flickr30k/results_20130124.token",
                                        "results.csv"))
                        .orElseThrow(() ->
                                new DataException(
                                        folder
                                                + ": no dataset_flickr30k.json,"
                                                + " results_20130124.token or results.csv"));
        String split = options.split().orElse("test");
        int most = options.captions() == 0 ? CAPTIONS : options.captions();
        List<ListedReader.Entry> entries =
                entries(folder, captions(list, most), names(folder, list, split));
        return new Benchmark(
                "flickr30k:" + split,
                List.of(list),
                Optional.empty(),
                skipped -> new ListedReader(list.toString(), entries, skipped));
    }

    private static Optional<Set<String>> names(Path folder, Path list, String split) {
        if (split.equals("all")) {
            return Optional.empty();
        }
        Path file =
                Benchmark.first(folder, List.of(split + ".txt", "flickr30k_" + split + ".txt"))
                        .orElseThrow(() ->
                                new DataException(
                                        "%s knows no splits: put %s.txt with the names of its images beside it, or ask for the split 'all'"
                                                .formatted(list, split)));
        Set<String> names = new HashSet<>();
        Classes.lines(file)
                .forEach(line -> names.add(line.endsWith(".jpg") ? line : line + ".jpg"));
        return Optional.of(names);
    }

    private static List<ListedReader.Entry> entries(
            Path folder, Map<String, List<Caption>> captions, Optional<Set<String>> names) {
        List<ListedReader.Entry> entries = new ArrayList<>();
        captions.forEach((name, own) -> {
            if (names.isEmpty() || names.get().contains(name)) {
                entries.add(
                        new ListedReader.Entry(
                                name, Karpathy.find(folder, "", name), own, Map.of()));
            }
        });
        if (entries.isEmpty()) {
            throw new DataException(folder + ": the split names none of the images");
        }
        return entries;
    }

    private static Map<String, List<Caption>> captions(Path list, int most) {
        boolean csv = list.toString().endsWith(".csv");
        Map<String, List<Caption>> captions = new LinkedHashMap<>();
        try {
            List<String> lines = Files.readAllLines(list, UTF_8);
            for (int i = csv ? 1 : 0; i < lines.size(); i++) {
                // One published row lacks its second bar; the number tells where the caption is.
                String[] fields = lines.get(i).split(csv ? "\\s*\\|\\s*" : "#\\d+\t", csv ? 3 : 2);
                if (fields.length < 2) {
                    throw new DataException(
                            "%s: line %d is no image with a caption: %s"
                                    .formatted(list, i + 1, lines.get(i)));
                }
                String text = fields[fields.length - 1].strip();
                text = csv && fields.length == 2 ? text.replaceFirst("^\\d+\\s*", "") : text;
                List<Caption> own = captions.computeIfAbsent(fields[0], k -> new ArrayList<>());
                if (!text.isEmpty() && own.size() < most) {
                    own.add(new Caption(text, "en"));
                }
            }
        } catch (IOException e) {
            throw new DataException(list + ": cannot be read: " + e.getMessage(), e);
        }
        captions.replaceAll((name, own) -> own.stream().distinct().toList());
        return captions;
    }
}
