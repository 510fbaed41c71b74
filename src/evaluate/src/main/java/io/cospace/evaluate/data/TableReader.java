package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CSV or TSV table in UTF-8 with a header: a column for the image's path (from the table's
 * folder), one for a caption, if it likes one for the caption's language; the others are metadata.
 * Rows with the same image are one pair with several captions, at the place of the first of them.
 * The rows are held in memory, the images are read when their turn comes.
 */
final class TableReader extends AbstractPairReader {
    /** The names in use: ours, open_clip's (filepath, title), image folders' (file_name, text). */
    private static final List<String> IMAGE =
            List.of("image", "filepath", "file_name", "filename", "file", "path", "image_path");

    private static final List<String> CAPTION = List.of("caption", "title", "text");
    private static final List<String> LANGUAGE = List.of("language", "lang");

    private final Path table;
    private final SkippedSamples skipped;
    private final Iterator<Map.Entry<String, Entry>> entries;
    private @Nullable StoredImage last;

    /** What the rows of one image say. */
    private static final class Entry {
        final Set<Caption> captions = new LinkedHashSet<>();
        final Map<String, Object> metadata = new HashMap<>();
    }

    TableReader(Path table, SkippedSamples skipped) {
        this.table = table;
        this.skipped = skipped;
        boolean tabs = table.toString().toLowerCase(Locale.ROOT).endsWith(".tsv");
        try (BufferedReader in = Files.newBufferedReader(table, UTF_8)) {
            this.entries = group(new DelimitedText(in, tabs ? '\t' : ',')).entrySet().iterator();
        } catch (IOException e) {
            throw new DataException(table + ": cannot be read: " + e.getMessage(), e);
        } catch (DelimitedText.MalformedException e) {
            throw new DataException(table + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Entry> group(DelimitedText rows)
            throws IOException, DelimitedText.MalformedException {
        List<String> header = rows.next();
        if (header == null) {
            throw new DataException(table + ": the table is empty");
        }
        int image = column(header, IMAGE);
        int caption = column(header, CAPTION);
        int language = LANGUAGE.stream().mapToInt(header::indexOf).max().orElse(-1);
        Map<String, Entry> byImage = new LinkedHashMap<>();
        List<String> row;
        while ((row = rows.next()) != null) {
            if (row.size() != header.size()) {
                String place = "line " + rows.line();
                String reason = row.size() + " fields, the header has " + header.size();
                skipped.add(table.toString(), place, reason);
                continue;
            }
            Entry entry = byImage.computeIfAbsent(row.get(image).strip(), k -> new Entry());
            if (!row.get(caption).isBlank()) {
                String tag = language < 0 ? "" : row.get(language);
                entry.captions.add(new Caption(row.get(caption), tag));
            }
            for (int i = 0; i < row.size(); i++) {
                if (i != image && i != caption && i != language && !row.get(i).isEmpty()) {
                    entry.metadata.putIfAbsent(header.get(i), row.get(i));
                }
            }
        }
        return byImage;
    }

    private int column(List<String> header, List<String> names) {
        return names.stream()
                .mapToInt(header::indexOf)
                .filter(i -> i >= 0)
                .findFirst()
                .orElseThrow(() ->
                        new DataException(
                                table
                                        + ": no column "
                                        + String.join(" or ", names)
                                        + " among "
                                        + header));
    }

    @Override
    @Nullable Pair read() {
        while (entries.hasNext()) {
            Map.Entry<String, Entry> next = entries.next();
            String key = next.getKey();
            List<Caption> captions = new ArrayList<>(next.getValue().captions);
            if (captions.isEmpty()) {
                skipped.add(table.toString(), key, "no caption");
                continue;
            }
            byte[] image = image(key);
            if (image != null) {
                return new Pair(key, image, captions, next.getValue().metadata);
            }
        }
        return null;
    }

    private byte @Nullable [] image(String path) {
        Path file = table.toAbsolutePath().resolveSibling(path);
        try {
            long size = Files.size(file);
            if (size > 0 && size <= SampleParts.MAX_IMAGE_BYTES) {
                byte[] content = Files.readAllBytes(file);
                last = new StoredImage(file, 0, content.length);
                return content;
            }
            String limit = "an image has 1 to " + SampleParts.MAX_IMAGE_BYTES;
            skipped.add(table.toString(), path, size + " bytes; " + limit);
        } catch (IOException e) {
            skipped.add(table.toString(), path, "cannot be read: " + e);
        }
        return null;
    }

    @Override
    @Nullable StoredImage lastRead() {
        return last;
    }

    @Override
    public void close() {
        // The table was read whole and closed in the constructor.
    }
}
