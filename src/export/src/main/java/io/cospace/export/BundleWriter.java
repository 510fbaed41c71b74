package io.cospace.export;

import static java.util.Objects.requireNonNull;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.FileEntry;
import io.cospace.encoder.bundle.ManifestJson;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one bundle folder in one step: files are collected in a hidden folder beside the target,
 * and the target appears whole, with its manifest, or not at all. Nothing that exists is written
 * over. Closing without {@link #publish} leaves nothing behind. Not thread-safe.
 *
 * <p>The bytes depend on what was put in only: no clock, host or path enters (see {@link Created}).
 */
public final class BundleWriter implements AutoCloseable {
    /** Name of the manifest in a bundle. */
    public static final String MANIFEST = "manifest.json";

    private final Path target;
    private final Path staging;

    /** Whether {@link #close} leaves what was collected for a later {@link #resume}. */
    private final boolean kept;

    private BundleWriter(Path target, Path staging, boolean kept) {
        this.target = target;
        this.staging = staging;
        this.kept = kept;
    }

    /**
     * Begins a bundle at {@code models/<name>/<version>}; missing parents are made.
     *
     * @throws ExportException when {@code target} exists or its parent cannot be written
     */
    public static BundleWriter create(Path target) {
        Path whole = checked(target);
        try {
            // Not a temporary folder of the JDK's making: that one nobody else could read, even
            // after the move.
            String hidden = "." + nameOf(whole) + ".part-" + ProcessHandle.current().pid();
            Path staging = Files.createDirectory(whole.resolveSibling(hidden));
            return new BundleWriter(whole, staging, false);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /**
     * Begins a bundle, or goes on with what an earlier call collected for the same target: closing
     * without {@link #publish} keeps it. Which of the files are whole is for the caller to know.
     *
     * @throws ExportException as {@link #create}
     */
    public static BundleWriter resume(Path target) {
        Path whole = checked(target);
        try {
            Path staging = whole.resolveSibling("." + nameOf(whole) + ".part");
            return new BundleWriter(whole, Files.createDirectories(staging), true);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static Path checked(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        if (parent == null || parent.getFileName() == null) {
            throw new ExportException(
                    target + " is no bundle folder; expected models/NAME/VERSION");
        }
        if (Files.exists(whole)) {
            throw new ExportException(
                    target + " exists; a bundle is never overwritten, choose a new version");
        }
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
        return whole;
    }

    private static ExportException unwritable(Path target, IOException cause) {
        return new ExportException(
                "cannot write beside " + target + ": " + cause.getMessage(), cause);
    }

    /** A file beside the folder that is being filled, for the notes of who fills it. */
    public Path journal() {
        return staging.resolveSibling(nameOf(staging) + ".journal");
    }

    /** The model's name: the target's parent folder. */
    public String name() {
        return nameOf(requireNonNull(target.getParent()));
    }

    /** The model's version: the target's own name. */
    public String version() {
        return nameOf(target);
    }

    /** Where the files are collected: graph and tensor writers write here. */
    public Path folder() {
        return staging;
    }

    /** Path of {@code file} in the folder that is being filled. */
    public Path path(String file) {
        return staging.resolve(file);
    }

    /** Copies {@code source} byte for byte as {@code file}. */
    public void copy(Path source, String file) {
        try {
            Files.copy(source, path(file));
        } catch (IOException e) {
            throw new ExportException(
                    "cannot copy " + source + " to " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a small file; one of the same name that was written before is replaced. */
    public void write(String file, byte[] content) {
        try {
            Files.write(path(file), content);
        } catch (IOException e) {
            throw new ExportException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * SHA-256 and size of every file there is now, the manifest left out, by name: what the
     * manifest lists.
     */
    public SortedMap<String, FileEntry> files() {
        SortedMap<String, FileEntry> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(staging)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = nameOf(path);
                if (!name.equals(MANIFEST)) {
                    files.put(name, new FileEntry(Digest.ofFile(path), Files.size(path)));
                }
            }
        } catch (IOException e) {
            throw new ExportException("cannot list " + staging + ": " + e.getMessage(), e);
        }
        return files;
    }

    /** Writes the manifest without publishing, so that the folder can be opened where it is. */
    public void preview(Manifest manifest) {
        write(MANIFEST, ManifestJson.write(manifest));
    }

    /**
     * Writes the manifest and moves the folder to its target.
     *
     * @throws ExportException when the manifest does not list the files as they are, or is of
     *     another name or version
     */
    public Path publish(Manifest manifest) {
        require(manifest.name().equals(name()), "name", manifest.name(), name());
        require(manifest.version().equals(version()), "version", manifest.version(), version());
        SortedMap<String, FileEntry> files = files();
        for (String file : union(files, manifest.files())) {
            Object listed = manifest.files().get(file);
            Object found = files.get(file);
            require(found != null && found.equals(listed), "files." + file, listed, found);
        }
        preview(manifest);
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new ExportException(
                    "cannot move the bundle to " + target + " in one step: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ExportException(
                    "cannot move the bundle to " + target + "; does it exist? " + e.getMessage(),
                    e);
        }
        return target;
    }

    /** Removes what was collected so far, the folder stays. */
    public void clear() {
        try (Stream<Path> paths = Files.list(staging)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new ExportException("cannot empty " + staging + ": " + e.getMessage(), e);
        }
    }

    /** Removes what was collected unless it was published or is to be resumed. */
    @Override
    public void close() {
        if (kept || !Files.exists(staging)) {
            return;
        }
        clear();
        try {
            Files.delete(staging);
        } catch (IOException e) {
            throw new ExportException("cannot remove " + staging + ": " + e.getMessage(), e);
        }
    }

    private static List<String> union(
            SortedMap<String, FileEntry> left, SortedMap<String, FileEntry> right) {
        SortedMap<String, FileEntry> all = new TreeMap<>(left);
        all.putAll(right);
        return List.copyOf(all.keySet());
    }

    private static void require(
            boolean holds, String key, @Nullable Object stated, @Nullable Object actual) {
        if (!holds) {
            throw new ExportException(
                    "manifest: " + key + " is " + stated + "; the bundle has " + actual);
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
