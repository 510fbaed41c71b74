package io.cospace.service.embedding;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where prepared items wait for their model, and are run in batches with those of other calls.
 * Thread-safe.
 *
 * @param <I> prepared item
 */
public interface Tower<I> {

    /**
     * Hands items over; returns at once, with a future for each, in their order. A future is
     * completed by whichever thread ran the model, so what depends on it must be quick; to cancel
     * it is to give the item up.
     *
     * @throws ProblemException when none of the items is taken
     */
    List<CompletableFuture<Run>> submit(List<I> items, CallContext call);

    /**
     * The result that an equal item had, where it is kept: looked up before an item is prepared.
     *
     * @param key that items of this result have
     * @return null: it has to be run
     */
    default @Nullable Run known(Object key, CallContext call) {
        return null;
    }

    /**
     * One item's result.
     *
     * @param row the vector, shared and never changed
     * @param queueNanos time until the run began
     * @param runNanos time of the run, shared by all items in it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Run(float[] row, long queueNanos, long runNanos) {}
}
