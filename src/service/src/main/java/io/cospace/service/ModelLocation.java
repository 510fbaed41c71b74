package io.cospace.service;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which bundle folder is served. */
final class ModelLocation {

    private static final String MANIFEST = "manifest.json";

    /** Whole numbers by value, before any other name; others by their letters. */
    private static final Comparator<String> BY_VERSION =
            Comparator.<String>comparingInt(v -> v.matches("\\d{1,9}") ? Integer.parseInt(v) : -1)
                    .thenComparing(Comparator.naturalOrder());

    private ModelLocation() {}

    /**
     * The folder that is named, or the highest version of the one model below {@code models}.
     *
     * @throws ConfigurationException when there is none, or more than one model to choose from
     */
    static Path find(Optional<Path> named, Path models) {
        if (named.isPresent()) {
            return named.get();
        }
        List<Path> names = bundles(models).map(Path::getParent).distinct().toList();
        if (names.isEmpty()) {
            throw new ConfigurationException(
                    "no bundle is below %s: it must hold NAME/VERSION/%s, or cospace.model must name"
                                    .formatted(models.toAbsolutePath(), MANIFEST)
                            + " the folder of a bundle");
        }
        if (names.size() > 1) {
            throw new ConfigurationException(
                    "%s holds the models %s; cospace.model must name the folder of one bundle"
                            .formatted(
                                    models.toAbsolutePath(),
                                    names.stream().map(Path::getFileName).toList()));
        }
        return bundles(models)
                .max(Comparator.comparing(path -> path.getFileName().toString(), BY_VERSION))
                .orElseThrow();
    }

    /** Folders two levels down that hold a manifest, in the order of their names. */
    private static Stream<Path> bundles(Path models) {
        if (!Files.isDirectory(models)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.find(models, 3, (path, _) -> path.endsWith(MANIFEST))) {
            return all
                    .map(Path::getParent)
                    .filter(bundle -> models.relativize(bundle).getNameCount() == 2)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new ConfigurationException("%s cannot be listed: %s".formatted(models, e));
        }
    }
}
