package io.cospace.evaluate.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A data set on disk whose kind is known. */
record Source(Path path, Kind kind) {
    /** How a data set is laid out. */
    enum Kind {
        SHARD,
        TABLE,
        FOLDER
    }

    static List<Source> of(Path path) {
        if (Files.isDirectory(path)) {
            return ofFolder(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new DataException(path + ": no such file or folder");
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".tar")) {
            return List.of(new Source(path, Kind.SHARD));
        }
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return List.of(new Source(path, Kind.TABLE));
        }
        throw new DataException(
                path + ": pairs are read from .tar shards, .csv or .tsv tables and folders");
    }

    private static List<Source> ofFolder(Path folder) {
        List<Path> shards = FolderReader.list(folder, ".tar");
        if (!shards.isEmpty()) {
            return shards.stream().map(s -> new Source(s, Kind.SHARD)).toList();
        }
        for (String name : List.of("metadata.csv", "metadata.tsv")) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return List.of(new Source(folder.resolve(name), Kind.TABLE));
            }
        }
        return List.of(new Source(folder, Kind.FOLDER));
    }

    /** See {@link ChainedReader} for the classes. */
    PairReader open(List<String> classes, SkippedSamples skipped) {
        return switch (kind) {
            case SHARD -> new ShardReader(path, classes, skipped);
            case TABLE -> new TableReader(path, skipped);
            case FOLDER -> new FolderReader(path, skipped);
        };
    }
}
