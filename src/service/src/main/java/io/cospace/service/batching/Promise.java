package io.cospace.service.batching;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one caller waits on. To cancel it is to leave: when the last caller of an entry has left,
 * the entry leaves the queue at once.
 */
final class Promise<I, O> extends CompletableFuture<Answer<O>> {

    final Entry<I, O> entry;
    final long deadlineNanos;
    final long submittedNanos;
    final @Nullable Promise<I, O> next;

    Promise(
            Entry<I, O> entry,
            long deadlineNanos,
            long submittedNanos,
            @Nullable Promise<I, O> next) {
        this.entry = entry;
        this.deadlineNanos = deadlineNanos;
        this.submittedNanos = submittedNanos;
        this.next = next;
    }

    boolean isLate(long nanos) {
        return deadlineNanos != Job.NO_DEADLINE && nanos - deadlineNanos > 0;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            entry.lane.left(entry);
        }
        return cancelled;
    }

    /** Stages that depend on this one are plain futures: to cancel them cancels nothing here. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
