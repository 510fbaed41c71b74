package io.cospace.evaluate.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The form in which the CLIP benchmark publishes its data: tar shards in a folder a split, and for
 * labelled images {@code classnames.txt} (by class index) and {@code
 * zeroshot_classification_templates.txt} beside them; a label is the member {@code cls}.
 */
final class BenchmarkShards {
    private BenchmarkShards() {}

    static Benchmark of(Path folder, Benchmark.Options options) {
        String split = options.split().orElse("test");
        Path inner = Files.isDirectory(folder.resolve(split)) ? folder.resolve(split) : folder;
        List<Path> shards = FolderReader.list(inner, ".tar");
        if (shards.isEmpty()) {
            throw new DataException(inner + ": no .tar shards for the split '" + split + "'");
        }
        Optional<Path> names =
                options.classes().or(() -> Benchmark.first(folder, List.of("classnames.txt")));
        Optional<Path> templates =
                options.templates()
                        .or(() ->
                                Benchmark.first(
                                        folder,
                                        List.of(
                                                "zeroshot_classification_templates.txt",
                                                "templates.txt")));
        Optional<Classes> classes = names.map(n -> Classes.of(Classes.lines(n), templates));
        List<String> labels = classes.map(Classes::names).orElse(List.of());
        List<Source> sources = shards.stream().map(s -> new Source(s, Source.Kind.SHARD)).toList();
        return new Benchmark(
                "webdataset:" + folder.toAbsolutePath().normalize().getFileName() + ":" + split,
                shards,
                classes,
                skipped -> new ChainedReader(sources, labels, skipped));
    }
}
