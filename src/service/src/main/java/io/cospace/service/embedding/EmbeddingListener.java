package io.cospace.service.embedding;

import io.cospace.encoder.Modality;

/** What becomes of items, for metrics. Called by any thread; must be thread-safe and quick. */
public interface EmbeddingListener {

    /** Observes nothing. */
    EmbeddingListener NONE = new EmbeddingListener() {};

    /** An item has its vector. */
    default void embedded(Modality modality, StageTimes times) {}

    /** An item has a problem instead. */
    default void failed(Modality modality, Problem problem) {}

    /** An item was given up before it was prepared or queued, because its caller has gone. */
    default void abandoned() {}

    /** An image was fetched, or could not be. */
    default void fetched(long nanos) {}

    /** A part of a text was not read. */
    default void truncated() {}

    /**
     * A call failed as a whole, was turned away, or its answer cut off.
     *
     * @param reason name of the problem; {@code client-stalled}: its answer was not read
     */
    default void rejected(String reason) {}

    /** An answer was written. */
    default void encoded(long nanos) {}
}
