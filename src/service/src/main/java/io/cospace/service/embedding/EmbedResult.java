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
     * A vector.
     *
     * @param values its components, of unit length; never changed
     * @param packed the packed forms that were asked for
     * @param use what was read of a text; null for an image
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Embedded(
            Modality modality,
            float[] values,
            Map<OutputType, byte[]> packed,
            @Nullable TextUse use)
            implements Item {}

    /**
     * An input that has no vector.
     *
     * @param modality what the input is, where that is known
     */
    public record Failed(@Nullable Modality modality, Problem problem) implements Item {}
}
