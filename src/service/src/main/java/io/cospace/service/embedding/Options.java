package io.cospace.service.embedding;

import io.cospace.encoder.text.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a call says about all of its items.
 *
 * @param task prompt of the texts that name none
 * @param dimensions length of the vectors asked for; null: the model's own
 * @param longText what happens to texts that are longer than the model reads
 * @param offsets what the places of chunks and tokens count
 * @param model {@code name} or {@code name/version}; null: the model that is served
 * @param space the vector space that the caller holds vectors of; null: not said
 */
public record Options(
        Task task,
        @Nullable Integer dimensions,
        LongText longText,
        Offsets offsets,
        @Nullable String model,
        @Nullable String space) {

    /** Documents, full size, long texts refused, the model that is served. */
    public static Options defaults() {
        return new Options(Task.DOCUMENT, null, LongText.REJECT, Offsets.CODE_POINTS, null, null);
    }
}
