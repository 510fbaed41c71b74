package io.cospace.service;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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
        List<Path> names = bundles(models).stream().map(Path::getParent).distinct().toList();
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
        return bundles(models).stream()
                .max(Comparator.comparing(path -> path.getFileName().toString(), BY_VERSION))
                .orElseThrow();
    }

    /**
     * Folders two levels down that hold a manifest, in the order of their names. Links are
     * followed: Kubernetes mounts volumes behind them.
     */
    private static List<Path> bundles(Path models) {
        return folders(models)
                .flatMap(ModelLocation::folders)
                .filter(bundle -> Files.isRegularFile(bundle.resolve(MANIFEST)))
                .toList();
    }

    /**
     * The folders in one, but for those that begin with a dot, such as the ..data of a volume; none
     * in one that may not be read, such as lost+found.
     */
    private static Stream<Path> folders(Path parent) {
        try (Stream<Path> all = Files.list(parent)) {
            return all
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()
                    .stream();
        } catch (NotDirectoryException | NoSuchFileException | AccessDeniedException _) {
            return Stream.empty();
        } catch (IOException e) {
            throw new ConfigurationException("%s cannot be listed: %s".formatted(parent, e));
        }
    }
}
