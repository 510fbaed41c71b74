package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vectors in the order asked.
 *
 * @param model {@code name/version} of the model that made them
 * @param space the vector space they are of
 * @param dimensions their length
 * @param items one for each input
 * @param usage what the model read for the call
 * @param times of the item that was answered last
 */
public record EmbedResult(
        String model,
        String space,
        int dimensions,
        List<Item> items,
        Usage usage,
        StageTimes times) {

    /** What became of one input. */
    public sealed interface Item {}

    /**
     * A vector in the forms asked for.
     *
     * @param values its components, of unit length; never changed
     * @param packed the packed forms that were asked for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Forms(float[] values, Map<OutputType, byte[]> packed) {}

    /**
     * An input with its vector.
     *
     * @param use what was read of a text; null for an image
     */
    public record Embedded(Modality modality, Forms vector, @Nullable TextUse use)
            implements Item {}

    /** A text with a vector for each of its parts. */
    public record Chunked(List<Chunk> chunks, TextUse use) implements Item {}

    /**
     * A part of a text.
     *
     * @param start where it starts in the caller's string, in the unit that the call asks for
     * @param end where it ends
     * @param tokens that the model read of it, prompt and special tokens included
     */
    public record Chunk(int start, int end, int tokens, Forms vector) {}

    /**
     * An input that has no vector.
     *
     * @param modality what the input is, where that is known
     */
    public record Failed(@Nullable Modality modality, Problem problem) implements Item {}
}
