package io.cospace.evaluate.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image with all its captions: one sample of a data set.
 *
 * @param key the sample's name in its data set: in a shard or folder the member's path up to the
 *     first dot of its file name, in a table the image's path
 * @param image the image file's bytes, encoded as they came; shared with whoever made the pair, so
 *     read them only
 * @param captions at least one, in the order of the data, no two equal
 * @param metadata what else the data say of the sample: fields of its JSON member or columns of its
 *     row, by name, as JSON's natural Java types (String, Number, Boolean, List, Map)
 */
@SuppressWarnings("ArrayRecordComponent") // pairs are read and used up, never compared
public record Pair(String key, byte[] image, List<Caption> captions, Map<String, Object> metadata) {
    /** Copies the collections, not the image. */
    public Pair {
        captions = List.copyOf(captions);
        metadata = Map.copyOf(metadata);
        if (captions.isEmpty()) {
            throw new IllegalArgumentException("pair " + key + " has no caption");
        }
    }

    /** The field {@code name} of the metadata where it is a text. */
    public Optional<String> text(String name) {
        return metadata.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The texts in the list {@code name} of the metadata; none where it is absent or no list. */
    public List<String> texts(String name) {
        return metadata.get(name) instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
                : List.of();
    }
}
