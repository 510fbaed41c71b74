package io.cospace.export.checkpoint;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The shards of one checkpoint as one source: {@code *.index.json}, whose {@code weight_map} says
 * which file beside it holds which tensor (Hugging Face transformers, "Sharded checkpoints").
 */
final class ShardedTensors implements ViewSource {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final long MAX_INDEX_BYTES = 100_000_000;

    private final Path index;
    private final List<ViewSource> shards;
    private final Map<String, ViewSource> byName;

    private ShardedTensors(Path index, List<ViewSource> shards, Map<String, ViewSource> byName) {
        this.index = index;
        this.shards = shards;
        this.byName = byName;
    }

    /**
     * Opens all shards that an index names.
     *
     * @throws CheckpointException if the index is damaged, a shard is missing, or the two disagree
     */
    static ShardedTensors open(Path index) {
        Map<String, String> weightMap = weightMap(index);
        List<ViewSource> shards = new ArrayList<>();
        try {
            Map<String, String> places = new LinkedHashMap<>();
            Map<String, ViewSource> byName = new LinkedHashMap<>();
            for (String file : new TreeSet<>(weightMap.values())) {
                ViewSource shard = Checkpoint.openFile(sibling(index, file));
                shards.add(shard);
                for (String name : shard.names()) {
                    byName.put(name, shard);
                    if (places.putIfAbsent(name, file) != null) {
                        throw new CheckpointException(
                                index, "tensor " + name + " lies in two shards");
                    }
                }
            }
            weightMap.forEach((name, file) -> checkPlace(index, name, file, places.get(name)));
            return new ShardedTensors(index, List.copyOf(shards), byName);
        } catch (CheckpointException e) {
            shards.forEach(ViewSource::close);
            throw e;
        }
    }

    /** The index and the shards that it names. */
    static List<Path> files(Path index) {
        List<Path> files = new ArrayList<>(List.of(index));
        for (String file : new TreeSet<>(weightMap(index).values())) {
            files.add(sibling(index, file));
        }
        return List.copyOf(files);
    }

    private static void checkPlace(Path index, String name, String file, @Nullable String place) {
        if (!file.equals(place)) {
            throw new CheckpointException(
                    index, "tensor " + name + " is not in " + file + ", where the index puts it");
        }
    }

    private static Path sibling(Path index, String file) {
        if (file.isEmpty() || file.contains("/") || file.contains("\\") || file.startsWith(".")) {
            throw new CheckpointException(
                    index, "names \"" + file + "\", which is not a file beside it");
        }
        return index.resolveSibling(file);
    }

    private static Map<String, String> weightMap(Path index) {
        JsonNode map;
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw new CheckpointException(
                        index, "is larger than " + MAX_INDEX_BYTES + " bytes");
            }
            map = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (IOException e) {
            throw new CheckpointException(index, "is not a readable index: " + e.getMessage(), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new CheckpointException(index, "holds no weight_map");
        }
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new CheckpointException(
                        index, "weight_map." + entry.getKey() + " is not a file name");
            }
            files.put(entry.getKey(), entry.getValue().textValue());
        }
        return files;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    @Override
    public TensorView view(String name) {
        ViewSource shard = byName.get(name);
        if (shard == null) {
            throw new IllegalArgumentException(index + " holds no tensor " + name);
        }
        return shard.view(name);
    }

    @Override
    public void close() {
        shards.forEach(ViewSource::close);
    }
}
