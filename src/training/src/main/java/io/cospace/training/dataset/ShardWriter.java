package io.cospace.training.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.evaluate.data.Caption;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.TrainingDataException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes samples as tar shards in the WebDataset form: an image and a {@code json} member of one
 * name. The bytes follow from the samples alone: no clock, no owner.
 */
final class ShardWriter {
    private static final int BLOCK = 512;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final String split;
    private final int samples;

    /**
     * For a split.
     *
     * @param samples of a shard, 1 or more
     */
    ShardWriter(Path folder, String split, int samples) {
        this.folder = folder;
        this.split = split;
        this.samples = samples;
    }

    /** Writes {@code SPLIT-00000.tar} and so on; returns them. */
    List<Path> write(List<Sample> all) {
        List<Path> shards = new ArrayList<>();
        for (int from = 0; from < all.size(); from += samples) {
            Path shard = folder.resolve("%s-%05d.tar".formatted(split, shards.size()));
            write(shard, all.subList(from, Math.min(all.size(), from + samples)), from);
            shards.add(shard);
        }
        return shards;
    }

    private void write(Path shard, List<Sample> some, int first) {
        Path part = shard.resolveSibling("." + shard.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                for (int i = 0; i < some.size(); i++) {
                    Sample sample = some.get(i);
                    byte[] image = sample.image().read();
                    String name = "%s-%08d".formatted(split, first + i);
                    member(out, name + "." + type(sample, image), image);
                    member(out, name + ".json", JSON.writeValueAsBytes(description(sample)));
                }
                out.write(new byte[2 * BLOCK]);
            }
            Files.move(part, shard, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new TrainingDataException(shard + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Captions in the form that names their languages, the key in the source, and what else is. */
    private static Map<String, Object> description(Sample sample) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("source_key", sample.key());
        json.put("captions", sample.captions().stream().map(ShardWriter::caption).toList());
        new TreeMap<>(sample.metadata())
                .forEach((name, value) -> {
                    if (!name.equals("caption") && !name.equals("language")) {
                        json.putIfAbsent(name, value);
                    }
                });
        return json;
    }

    private static Map<String, String> caption(Caption caption) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("text", caption.text());
        if (!caption.language().equals(Caption.UNDETERMINED)) {
            json.put("language", caption.language());
        }
        return json;
    }

    /** The extension by the file's first bytes, for names lie. */
    static String type(Sample sample, byte[] image) {
        String start =
                new String(
                        image,
                        0,
                        Math.min(image.length, 12),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u00ff\u00d8")) {
            return "jpg";
        } else if (start.startsWith("\u0089PNG")) {
            return "png";
        } else if (start.startsWith("GIF8")) {
            return "gif";
        } else if (start.startsWith("BM")) {
            return "bmp";
        } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
            return "webp";
        } else if (start.startsWith("II*") || start.startsWith("MM\u0000*")) {
            return "tif";
        }
        throw new TrainingDataException(sample.key() + ": an image of no known format");
    }

    /** A file of the ustar format (POSIX.1-1988): header, content, zeros up to the block. */
    private static void member(OutputStream out, String name, byte[] content) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(content.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
