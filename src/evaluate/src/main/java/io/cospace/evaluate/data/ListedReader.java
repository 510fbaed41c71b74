package io.cospace.evaluate.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples whose captions are known and whose images are files, read when their turn comes. */
final class ListedReader extends AbstractPairReader {
    /** So many images are looked for before any is read: a wrong folder is one error. */
    private static final int PROBED = 20;

    private final String source;
    private final SkippedSamples skipped;
    private final Deque<Entry> entries;
    private @Nullable StoredImage last;

    /**
     * A sample.
     *
     * @param key its name in the data set
     * @param image its file
     */
    record Entry(String key, Path image, List<Caption> captions, Map<String, Object> metadata) {}

    /**
     * For samples of {@code source}, which messages name.
     *
     * @throws DataException if none of the first images is there
     */
    ListedReader(String source, List<Entry> entries, SkippedSamples skipped) {
        this.source = source;
        this.skipped = skipped;
        this.entries = new ArrayDeque<>(entries);
        List<Entry> probed = entries.stream().limit(PROBED).toList();
        if (!probed.isEmpty()
                && probed.stream().noneMatch(entry -> Files.isRegularFile(entry.image()))) {
            throw new DataException(
                    "%s: none of the first %d images is there, such as %s"
                            .formatted(source, probed.size(), probed.getFirst().image()));
        }
    }

    @Override
    @Nullable Pair read() {
        Entry entry;
        while ((entry = entries.poll()) != null) {
            byte[] image = image(entry);
            if (image != null && entry.captions().isEmpty()) {
                skipped.add(source, entry.key(), "no caption");
            } else if (image != null) {
                return new Pair(entry.key(), image, entry.captions(), entry.metadata());
            }
        }
        return null;
    }

    private byte @Nullable [] image(Entry entry) {
        try {
            long size = Files.size(entry.image());
            if (size > 0 && size <= SampleParts.MAX_IMAGE_BYTES) {
                byte[] content = Files.readAllBytes(entry.image());
                last = new StoredImage(entry.image(), 0, content.length);
                return content;
            }
            String limit = "an image has 1 to " + SampleParts.MAX_IMAGE_BYTES;
            skipped.add(source, entry.key(), size + " bytes; " + limit);
        } catch (IOException e) {
            skipped.add(source, entry.key(), "cannot be read: " + e);
        }
        return null;
    }

    @Override
    @Nullable StoredImage lastRead() {
        return last;
    }

    @Override
    public void close() {
        entries.clear();
    }
}
