package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of one sample by extension, and the pair they make:
 *
 * <ul>
 *   <li>{@code jpg jpeg png webp gif bmp tif tiff}: the image, exactly one;
 *   <li>{@code json}: an object; {@code caption} (text, with {@code language} beside it) and {@code
 *       captions} (a list of texts or of {@code {"text", "language"}}, or an object language to
 *       text or texts) are captions, and every field is metadata;
 *   <li>{@code txt}: one caption a line; {@code de.txt}: the same with their language;
 *   <li>{@code cls}: a class label, metadata {@code cls}.
 * </ul>
 *
 * Other members are passed over. A text that is in JSON and in {@code txt} counts once.
 */
final class SampleParts {
    /** Larger images are no photographs that a model was meant to see; the sample is skipped. */
    static final long MAX_IMAGE_BYTES = 256L << 20;

    /** Limit of a {@code json}, {@code txt} or {@code cls} member. */
    static final long MAX_TEXT_BYTES = 16L << 20;

    private static final Set<String> IMAGES =
            Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String key;
    private final List<String> classes;
    private final Map<String, byte[]> parts = new LinkedHashMap<>();
    private @Nullable String problem;
    private @Nullable StoredImage stored;

    SampleParts(String key) {
        this(key, List.of());
    }

    /** A sample whose only caption is the name of its class {@code cls}, unless there are none. */
    SampleParts(String key, List<String> classes) {
        this.key = key;
        this.classes = classes;
    }

    /** The key and extension of a path: it is cut at the first dot of the file name. */
    record Name(String key, String extension) {
        static Name of(String path) {
            int file = path.lastIndexOf('/') + 1;
            // A leading dot belongs to the name: ".hidden" has no extension.
            int dot = path.indexOf('.', Math.min(file + 1, path.length()));
            return dot < 0
                    ? new Name(path, "")
                    : new Name(
                            path.substring(0, dot),
                            path.substring(dot + 1).toLowerCase(Locale.ROOT));
        }

        boolean isImage() {
            return IMAGES.contains(extension);
        }

        boolean isUsed() {
            return isImage()
                    || extension.equals("json")
                    || extension.equals("cls")
                    || extension.equals("txt")
                    || extension.endsWith(".txt");
        }

        long limit() {
            return isImage() ? MAX_IMAGE_BYTES : MAX_TEXT_BYTES;
        }
    }

    String key() {
        return key;
    }

    void add(String extension, byte[] content, StoredImage place) {
        if (IMAGES.contains(extension)) {
            stored = place;
        }
        if (parts.putIfAbsent(extension, content) != null) {
            reject("two members end in ." + extension);
        }
    }

    /** Where its image lies, once that was added. */
    @Nullable StoredImage stored() {
        return stored;
    }

    /** Marks the sample as unusable; the first reason counts. */
    void reject(String reason) {
        problem = problem == null ? reason : problem;
    }

    /** The pair, or null with the reason added to {@code skipped}. */
    @Nullable Pair pair(String source, SkippedSamples skipped) {
        try {
            if (problem == null) {
                return assemble();
            }
        } catch (UnusableException e) {
            problem = e.getMessage();
        }
        skipped.add(source, key, String.valueOf(problem));
        return null;
    }

    private Pair assemble() throws UnusableException {
        Map<String, Object> metadata = metadata();
        List<Caption> captions = classes.isEmpty() ? captions(metadata) : label(metadata);
        byte[] image = image();
        if (captions.isEmpty()) {
            throw new UnusableException("no caption");
        }
        return new Pair(key, image, captions, metadata);
    }

    private byte[] image() throws UnusableException {
        List<String> found = parts.keySet().stream().filter(IMAGES::contains).toList();
        if (found.size() != 1) {
            throw new UnusableException(
                    found.isEmpty() ? "no image" : "several images: " + String.join(", ", found));
        }
        byte[] image = parts.get(found.getFirst());
        if (image == null || image.length == 0) {
            throw new UnusableException("the image is empty");
        }
        return image;
    }

    private Map<String, Object> metadata() throws UnusableException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        byte[] json = parts.get("json");
        if (json != null) {
            try {
                if (!(JSON.readValue(json, Object.class) instanceof Map<?, ?> object)) {
                    throw new UnusableException("the json member is no object");
                }
                object.forEach((name, value) -> {
                    if (value != null) {
                        metadata.put(String.valueOf(name), value);
                    }
                });
            } catch (JsonProcessingException e) {
                throw new UnusableException("bad json: " + e.getOriginalMessage());
            } catch (IOException e) {
                throw new UnusableException("bad json: " + e.getMessage());
            }
        }
        byte[] label = parts.get("cls");
        if (label != null) {
            metadata.put("cls", text("cls", label).strip());
        }
        return metadata;
    }

    private List<Caption> label(Map<String, Object> metadata) throws UnusableException {
        String label = String.valueOf(metadata.get("cls"));
        if (!label.matches("\\d{1,9}") || Integer.parseInt(label) >= classes.size()) {
            throw new UnusableException(
                    "the label is %s; there are %d classes".formatted(label, classes.size()));
        }
        metadata.put("cls", label);
        return List.of(Caption.of(classes.get(Integer.parseInt(label))));
    }

    private List<Caption> captions(Map<String, Object> metadata) throws UnusableException {
        Set<Caption> found = new LinkedHashSet<>();
        String language = metadata.get("language") instanceof String tag ? tag : "";
        add(found, metadata.get("caption"), language);
        Object many = metadata.get("captions");
        if (many instanceof Map<?, ?> byLanguage) {
            for (Map.Entry<?, ?> entry : byLanguage.entrySet()) {
                add(found, entry.getValue(), String.valueOf(entry.getKey()));
            }
        } else {
            add(found, many, language);
        }
        List<Caption> captions = new ArrayList<>(found);
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            String extension = part.getKey();
            if (extension.equals("txt") || extension.endsWith(".txt")) {
                String tag = extension.substring(0, Math.max(0, extension.length() - 4));
                text(extension, part.getValue())
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(line -> new Caption(line, tag))
                        .filter(c -> captions.stream().noneMatch(o -> o.text().equals(c.text())))
                        .forEach(captions::add);
            }
        }
        return captions;
    }

    private static void add(Set<Caption> found, @Nullable Object value, String language)
            throws UnusableException {
        switch (value) {
            case null -> {}
            case String text -> {
                if (!text.isBlank()) {
                    found.add(new Caption(text, language));
                }
            }
            case List<?> list -> {
                for (Object item : list) {
                    add(found, item, language);
                }
            }
            case Map<?, ?> object when object.get("text") instanceof String text ->
                    add(found, text, object.get("language") instanceof String l ? l : language);
            default -> throw new UnusableException("a caption is no text: " + value);
        }
    }

    private static String text(String extension, byte[] bytes) throws UnusableException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new UnusableException("the " + extension + " member is not UTF-8");
        }
    }

    /** Why a sample cannot be used; never leaves this class. */
    private static final class UnusableException extends Exception {
        @Serial private static final long serialVersionUID = 1;

        UnusableException(String reason) {
            super(reason);
        }
    }
}
