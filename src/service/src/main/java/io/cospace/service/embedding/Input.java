package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.text.Task;
import org.jspecify.annotations.Nullable;

/** One item of a call, as a transport hands it on. */
public sealed interface Input {

    /**
     * A text.
     *
     * @param text as it came; checked on its way through the pipeline
     * @param task which prompt goes before it; null: the one that the call names
     */
    record Text(String text, @Nullable Task task) implements Input {}

    /**
     * An image file of any format that the decoder reads.
     *
     * @param bytes the whole file; owned by the call and never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Image(byte[] bytes) implements Input {}

    /**
     * An image file that the service fetches.
     *
     * @param url as it came; checked before anything is sent anywhere
     */
    record ImageUrl(String url) implements Input {}

    /**
     * A vector that the caller stored earlier.
     *
     * @param values its components; owned by the call and never changed
     * @param space the space it was made in; null: the one that the call names
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Vector(float[] values, @Nullable String space) implements Input {}

    /**
     * An item that could not be read; it fails alone, or fails the call, as the call says.
     *
     * @param modality what it would have been, where that is known
     */
    record Unreadable(@Nullable Modality modality, Problem problem) implements Input {}
}
