package io.cospace.training.job;

import io.cospace.training.align.Batch;
import io.cospace.training.align.Batches;
import io.cospace.training.data.Prefetch;
import org.jspecify.annotations.Nullable;

/** Batches that other threads make ahead of their step, from the first that is asked for on. */
final class Ahead implements Batches, AutoCloseable {
    private final Batches from;
    private final long end;
    private final int threads;
    private @Nullable Prefetch<Batch> coming;

    /**
     * Of batches that any thread may make.
     *
     * @param end behind the last step
     * @param threads that make them; 0 for the caller's alone
     */
    Ahead(Batches from, long end, int threads) {
        this.from = from;
        this.end = end;
        this.threads = threads;
    }

    /** Steps must be asked for one after the other. */
    @Override
    public Batch batch(long step) {
        if (threads == 0) {
            return from.batch(step);
        }
        if (coming == null) {
            coming = new Prefetch<>(from::batch, step, end, threads);
        }
        return coming.take();
    }

    @Override
    public void close() {
        if (coming != null) {
            coming.close();
        }
    }
}
