package io.cospace.training.ingredients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The shards of pairs to train and validate with. Which drawing is in which shard and what is said
 * of it stands in a list in this package, so that the split is the one that the default model was
 * measured with; the drawings come from the packages.
 */
final class PairShards {
    private static final String CLIPART = "openclipart";
    private static final int REPORTED = 1000;

    private final ObjectMapper json;
    private final Path packages;
    private final Map<String, IconSet> icons = new HashMap<>();

    PairShards(ObjectMapper json, Path packages) {
        this.json = json;
        this.packages = packages;
    }

    /** The emoji of all pairs, in the form of {@link EmojiTable#line}. */
    static SortedSet<String> emoji(ObjectMapper json) throws IOException {
        SortedSet<String> emoji = new TreeSet<>();
        for (ObjectNode pair : list(json)) {
            if (pair.has("emoji")) {
                emoji.add(pair.path("emoji").asText());
            }
        }
        return emoji;
    }

    private static List<ObjectNode> list(ObjectMapper json) throws IOException {
        List<ObjectNode> pairs = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(IngredientsFolder.resource("pairs.jsonl.gz")),
                                UTF_8))) {
            try (Stream<String> lines = reader.lines()) {
                for (String line : lines.toList()) {
                    pairs.add(json.readValue(line, ObjectNode.class));
                }
            }
        }
        return pairs;
    }

    /**
     * Writes all shards.
     *
     * @param progress is told now and then how many pairs are done
     * @return how many there are
     */
    int write(Path folder, IntConsumer progress) throws IOException {
        Map<String, List<ObjectNode>> shards = new LinkedHashMap<>();
        for (ObjectNode pair : list(json)) {
            String shard = pair.remove("shard").asText();
            shards.computeIfAbsent(shard, name -> new ArrayList<>()).add(pair);
        }
        int done = 0;
        for (Map.Entry<String, List<ObjectNode>> shard : shards.entrySet()) {
            Path file = folder.resolve(shard.getKey() + ".tar");
            try (TarFile tar = new TarFile(new BufferedOutputStream(Files.newOutputStream(file)))) {
                for (ObjectNode pair : shard.getValue()) {
                    String key = pair.remove("key").asText();
                    tar.add(key + ".jpg", drawing(pair));
                    tar.add(key + ".json", json.writeValueAsBytes(pair));
                    if (++done % REPORTED == 0) {
                        progress.accept(done);
                    }
                }
            }
        }
        return done;
    }

    private byte[] drawing(ObjectNode pair) throws IOException {
        String source = pair.path("source").asText();
        if (source.equals(CLIPART)) {
            Path file = packages.resolve("openclipart-png").resolve(pair.path("path").asText());
            return Drawing.picture(file, 224, 208);
        }
        IconSet set = icons.get(source);
        if (set == null) {
            String name = source.equals("noto-emoji") ? "noto" : source;
            set = new IconSet(json, packages.resolve(name));
            icons.put(source, set);
        }
        return Drawing.icon(set.svg(pair.path("emoji").asText()), 192, 176);
    }
}
