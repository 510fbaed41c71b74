package io.cospace.encoder.bundle;

import io.cospace.encoder.error.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * A model bundle: the folder {@code models/name/version} that holds all that one vector space
 * needs. Opening checks the manifest, then the files against it; graphs, tokenizer and self-test
 * are checked by the encoder that uses them. The folder is only read and may be read-only.
 * Immutable.
 */
public final class ModelBundle {

    /** Name of the manifest. */
    public static final String MANIFEST = "manifest.json";

    private static final long MAX_MANIFEST_BYTES = 16_000_000;
    private static final long MOST_DESCRIPTION_BYTES = 1_000_000;
    private static final long FULL_VERIFICATION_BYTES = 2_000_000_000;

    private final Path folder;
    private final Manifest manifest;

    private ModelBundle(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens the bundle in {@code folder}: manifest schema, then presence, then sizes, then
     * checksums of all its files, each step for all files before the next.
     *
     * @throws BundleException at the first thing that is not as it should be
     */
    public static ModelBundle open(Path folder, Verification verification) {
        ModelBundle bundle = openUnread(folder);
        bundle.verifyDescriptions(verification);
        bundle.verifyContents(verification);
        return bundle;
    }

    /**
     * Opens the bundle in {@code folder} as far as that goes without reading its files: manifest
     * schema, presence, sizes. What is made of the files may be used only after {@link
     * #verifyDescriptions} and {@link #verifyContents}.
     *
     * @throws BundleException at the first thing that is not as it should be
     */
    public static ModelBundle openUnread(Path folder) {
        ModelBundle bundle = new ModelBundle(folder, readManifest(folder));
        bundle.checkPresence();
        bundle.checkSizes();
        return bundle;
    }

    /**
     * Checks the checksums of graphs and of all small files, where {@code verification} asks for
     * that: before a parser sees them.
     *
     * @throws BundleException at the first that is wrong
     */
    public void verifyDescriptions(Verification verification) {
        if (readsAll(verification)) {
            checkDigests(ModelBundle::isDescription);
        }
    }

    /**
     * Checks the checksums of all other files, where {@code verification} asks for that: weights
     * and large tokenizers, which may be loaded at the same time.
     *
     * @throws BundleException at the first that is wrong
     */
    public void verifyContents(Verification verification) {
        if (readsAll(verification)) {
            checkDigests((name, file) -> !isDescription(name, file));
        }
    }

    private static boolean isDescription(String name, Manifest.FileEntry file) {
        return name.endsWith(".onnx") || file.bytes() <= MOST_DESCRIPTION_BYTES;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The vector space's name, as the manifest has it. */
    public String space() {
        return manifest.space();
    }

    /** Whether the manifest lists {@code name}. */
    public boolean has(String name) {
        return manifest.files().containsKey(name);
    }

    /**
     * Path of a file of this bundle.
     *
     * @throws BundleException when the manifest does not list it
     */
    public Path file(String name) {
        if (!has(name)) {
            throw new BundleException(MANIFEST, "files: " + name + " is not listed");
        }
        return folder.resolve(name);
    }

    /** Content of a file of this bundle. */
    public byte[] read(String name) {
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw new BundleException(name, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static Manifest readManifest(Path folder) {
        Path file = folder.resolve(MANIFEST);
        if (!Files.isDirectory(folder)) {
            throw new BundleException(
                    folder.toString(), "is not a folder; a bundle is a folder with a " + MANIFEST);
        }
        if (!Files.isRegularFile(file)) {
            throw new BundleException(MANIFEST, "is missing; " + folder + " is not a model bundle");
        }
        try {
            if (Files.size(file) > MAX_MANIFEST_BYTES) {
                throw new BundleException(
                        MANIFEST,
                        "has "
                                + Files.size(file)
                                + " bytes; must be at most "
                                + MAX_MANIFEST_BYTES);
            }
            return ManifestJson.read(MANIFEST, Files.readAllBytes(file), Manifest.class);
        } catch (IOException e) {
            throw new BundleException(MANIFEST, "cannot be read: " + e.getMessage(), e);
        }
    }

    private void checkPresence() {
        for (String name : manifest.files().keySet()) {
            Path file = folder.resolve(name);
            if (!Files.exists(file)) {
                throw new BundleException(name, "is missing; the manifest lists it");
            }
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new BundleException(name, "is not a readable file");
            }
        }
    }

    private void checkSizes() {
        for (Map.Entry<String, Manifest.FileEntry> entry : manifest.files().entrySet()) {
            String name = entry.getKey();
            try {
                long found = Files.size(folder.resolve(name));
                if (found != entry.getValue().bytes()) {
                    throw BundleException.mismatch(name, "bytes", entry.getValue().bytes(), found);
                }
            } catch (IOException e) {
                throw new BundleException(name, "cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private void checkDigests(BiPredicate<String, Manifest.FileEntry> chosen) {
        for (Map.Entry<String, Manifest.FileEntry> entry : manifest.files().entrySet()) {
            String name = entry.getKey();
            if (!chosen.test(name, entry.getValue())) {
                continue;
            }
            try {
                String found = Sha256.of(folder.resolve(name));
                if (!found.equals(entry.getValue().sha256())) {
                    throw BundleException.mismatch(
                            name, "sha256", entry.getValue().sha256(), found);
                }
            } catch (IOException e) {
                throw new BundleException(name, "cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private boolean readsAll(Verification verification) {
        return switch (verification) {
            case FULL -> true;
            case SIZE -> false;
            case AUTO ->
                    manifest.files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum()
                            < FULL_VERIFICATION_BYTES;
        };
    }
}
