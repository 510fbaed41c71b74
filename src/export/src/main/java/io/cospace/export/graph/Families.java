package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All families that this project knows. */
public final class Families {
    private static final List<Family> ALL =
            List.of(
                    new BertFamily(),
                    new ClipVisionFamily(),
                    new ClipTextFamily(),
                    new SiglipTextFamily(),
                    new DecoderFamily(),
                    new EfficientNetFamily(),
                    new EvaFamily(),
                    new SiglipFamily(),
                    new TextProjFamily());

    private Families() {}

    /**
     * Every part of a checkpoint that some family recognises; see {@link Family#recognise}.
     *
     * @throws IllegalArgumentException if a part is recognised but cannot be computed, or two
     *     families claim the same tensors
     */
    public static List<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        List<Part> parts = new ArrayList<>();
        for (Family family : ALL) {
            family.recognise(tensors, config).ifPresent(part -> add(parts, part));
        }
        return List.copyOf(parts);
    }

    private static void add(List<Part> parts, Part part) {
        for (Part other : parts) {
            for (String name : part.used()) {
                if (other.used().contains(name)) {
                    throw new IllegalArgumentException(
                            "tensor %s belongs to two parts: %s; %s"
                                    .formatted(name, other.description(), part.description()));
                }
            }
        }
        parts.add(part);
    }
}
