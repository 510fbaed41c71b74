package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Folders that look like bundles, with files of no meaning, to test the checks that do not read
 * into files.
 */
final class Bundles {

    private Bundles() {}

    /**
     * Writes a folder with every file of {@link Manifests#FULL} and a manifest whose checksums are
     * right.
     */
    static Manifest write(Path folder) {
        Manifest plan =
                ManifestJson.read("manifest.json", Manifests.FULL.getBytes(UTF_8), Manifest.class);
        SortedMap<String, Manifest.FileEntry> files = new TreeMap<>();
        try {
            for (String name : plan.files().keySet()) {
                byte[] content = ("content of " + name).getBytes(UTF_8);
                Files.write(folder.resolve(name), content);
                files.put(name, new Manifest.FileEntry(Sha256.of(content), content.length));
            }
            Manifest manifest = withFiles(plan, files);
            Files.write(folder.resolve("manifest.json"), ManifestJson.write(manifest));
            return manifest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifest withFiles(Manifest m, SortedMap<String, Manifest.FileEntry> files) {
        return new Manifest(
                m.format(),
                m.name(),
                m.version(),
                m.space(),
                m.dimensions(),
                m.truncatableTo(),
                m.score(),
                m.logitScale(),
                m.logitBias(),
                m.image(),
                m.text(),
                m.precisions(),
                m.calibration(),
                m.targets(),
                files,
                m.license(),
                m.created());
    }
}
