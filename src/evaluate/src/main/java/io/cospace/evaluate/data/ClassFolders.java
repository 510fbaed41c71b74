package io.cospace.evaluate.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder of images for each class, as ImageNet has it: classes are numbered in the order of the
 * folders' names. Names come from a file (see {@link ClassNames}); without one, folders that are no
 * WordNet ids name their classes themselves.
 */
final class ClassFolders {
    private static final Pattern WORDNET = Pattern.compile("n\\d{8}");
    private static final List<String> NAMES =
            List.of(
                    "classnames.txt",
                    "LOC_synset_mapping.txt",
                    "imagenet_class_index.json",
                    "imagenet-classes.json",
                    "labels.txt");

    private ClassFolders() {}

    static Benchmark of(Path folder, Benchmark.Options options) {
        String split = options.split().orElse("val");
        Path inner = Files.isDirectory(folder.resolve(split)) ? folder.resolve(split) : folder;
        List<Path> folders = folders(inner);
        Optional<Path> file = options.classes().or(() -> Benchmark.first(folder, NAMES));
        List<String> names = names(inner, folders, file);
        Optional<Path> templates =
                options.templates().or(() -> Benchmark.first(folder, List.of("templates.txt")));
        Classes classes = Classes.of(names, templates);
        return new Benchmark(
                "imagenet:" + split,
                file.stream().toList(),
                Optional.of(classes),
                skipped -> new ListedReader(inner.toString(), images(folders, names), skipped));
    }

    private static List<Path> folders(Path inner) {
        try (Stream<Path> files = Files.list(inner)) {
            List<Path> folders = files.filter(Files::isDirectory).sorted().toList();
            if (folders.isEmpty()) {
                throw new DataException(inner + ": no folder a class in it");
            }
            return folders;
        } catch (IOException e) {
            throw new DataException(inner + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static List<String> names(Path inner, List<Path> folders, Optional<Path> file) {
        List<String> ids = folders.stream().map(f -> f.getFileName().toString()).toList();
        if (file.isPresent()) {
            return ClassNames.read(file.get(), ids);
        }
        if (WORDNET.matcher(ids.getFirst()).matches()) {
            throw new DataException(
                    inner
                            + ": the folders are WordNet ids, and no file names the classes: "
                            + String.join(", ", NAMES)
                            + " in the data set's folder, or --classes FILE");
        }
        return ids.stream().map(id -> id.replace('_', ' ')).toList();
    }

    private static List<ListedReader.Entry> images(List<Path> folders, List<String> names) {
        List<ListedReader.Entry> entries = new ArrayList<>();
        IntStream.range(0, folders.size())
                .forEach(label -> {
                    for (Path file : FolderReader.list(folders.get(label), "")) {
                        if (isImage(file)) {
                            entries.add(
                                    new ListedReader.Entry(
                                            file.getFileName().toString(),
                                            file,
                                            List.of(Caption.of(names.get(label))),
                                            Map.of(Benchmark.LABEL, String.valueOf(label))));
                        }
                    }
                });
        return entries;
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return new SampleParts.Name(name, name.substring(name.lastIndexOf('.') + 1)).isImage();
    }
}
