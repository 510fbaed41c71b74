package io.cospace.evaluate.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of images with their captions beside them ({@code cat.jpg}, {@code cat.txt}, {@code
 * cat.de.txt}, {@code cat.json}), folders within it included, ordered by path. The key is the path
 * from the folder, with {@code /}, up to the first dot of the file name.
 */
final class FolderReader extends AbstractPairReader {
    private final Path folder;
    private final SkippedSamples skipped;
    private final Deque<Map.Entry<String, List<Path>>> samples = new ArrayDeque<>();
    private @Nullable StoredImage last;

    FolderReader(Path folder, SkippedSamples skipped) {
        this.folder = folder;
        this.skipped = skipped;
        Map<String, List<Path>> byKey = new TreeMap<>();
        for (Path file : list(folder, "")) {
            SampleParts.Name name = nameOf(file);
            if (name.isUsed()) {
                byKey.computeIfAbsent(name.key(), k -> new ArrayList<>()).add(file);
            }
        }
        // A text file without an image beside it is a note, not a broken sample.
        byKey.values().removeIf(files -> files.stream().noneMatch(f -> nameOf(f).isImage()));
        samples.addAll(byKey.entrySet());
    }

    /** All files under a folder whose name ends in {@code suffix}, sorted by path. */
    static List<Path> list(Path folder, String suffix) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    @Override
    @Nullable Pair read() {
        Map.Entry<String, List<Path>> entry;
        while ((entry = samples.poll()) != null) {
            SampleParts sample = new SampleParts(entry.getKey());
            entry.getValue().forEach(file -> take(file, sample));
            Pair pair = sample.pair(folder.toString(), skipped);
            if (pair != null) {
                last = sample.stored();
                return pair;
            }
        }
        return null;
    }

    private void take(Path file, SampleParts sample) {
        SampleParts.Name name = nameOf(file);
        try {
            long size = Files.size(file);
            if (size > name.limit()) {
                sample.reject(file + " has " + size + " bytes; limit " + name.limit());
            } else {
                byte[] content = Files.readAllBytes(file);
                sample.add(name.extension(), content, new StoredImage(file, 0, content.length));
            }
        } catch (IOException e) {
            sample.reject("cannot be read: " + e.getMessage());
        }
    }

    private SampleParts.Name nameOf(Path file) {
        return SampleParts.Name.of(folder.relativize(file).toString().replace('\\', '/'));
    }

    @Override
    @Nullable StoredImage lastRead() {
        return last;
    }

    @Override
    public void close() {
        samples.clear();
    }
}
