package io.cospace.service.batching;

import org.jspecify.annotations.Nullable;

/**
 * An admitted item with the promises of all callers that wait for it. Everything that changes is
 * guarded by the lock of {@link Engine}.
 */
final class Entry<I, O> {

    /** Where an entry is in its life; it only moves forward. */
    enum State {
        QUEUED,
        TAKEN,
        DONE
    }

    final Lane<I, O> lane;
    final I item;
    final int units;
    final long bytes;
    final @Nullable Object key;
    final long enqueuedNanos;

    /** Predicted milliseconds as a part of a full batch of its length. */
    final double cost;

    Priority priority;

    /** Order of arrival in its class, over all lanes. */
    long sequence;

    State state = State.QUEUED;

    /** Newest promise; the others follow by {@link Promise#next}. */
    @Nullable Promise<I, O> promises;

    /** How many promises hold a place in the queue. */
    int waiters;

    @Nullable Entry<I, O> previous;
    @Nullable Entry<I, O> next;

    Entry(Lane<I, O> lane, Job<I> job, long sequence, long nowNanos, double cost) {
        this.lane = lane;
        this.item = job.item();
        this.units = job.units();
        this.bytes = job.bytes();
        this.key = job.key();
        this.priority = job.priority();
        this.sequence = sequence;
        this.enqueuedNanos = nowNanos;
        this.cost = cost;
    }

    Promise<I, O> join(Job<I> job, long nowNanos) {
        Promise<I, O> promise = new Promise<>(this, job.deadlineNanos(), nowNanos, promises);
        promises = promise;
        waiters++;
        return promise;
    }

    /** Completes every promise with the value; outside the lock, after the entry is done. */
    void answer(O value, long startNanos, long runNanos, int rows) {
        for (Promise<I, O> p = promises; p != null; p = p.next) {
            long queueNanos = Math.max(0, startNanos - p.submittedNanos);
            p.complete(new Answer<>(value, queueNanos, runNanos, rows));
        }
    }

    /**
     * Completes every promise with the failure; outside the lock, after the entry is done.
     *
     * @return whether some caller still waited
     */
    boolean fail(BatchingException cause) {
        boolean waited = false;
        for (Promise<I, O> p = promises; p != null; p = p.next) {
            waited |= p.completeExceptionally(cause);
        }
        return waited;
    }

    /** Whether no caller is left to answer. */
    boolean isAbandoned() {
        for (Promise<I, O> p = promises; p != null; p = p.next) {
            if (!p.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Whether every caller's deadline passes before the entry could be answered. */
    boolean isLate(long nowNanos) {
        long soonest = nowNanos + (long) (cost * 1e6);
        for (Promise<I, O> p = promises; p != null; p = p.next) {
            if (!p.isDone() && !p.isLate(soonest)) {
                return false;
            }
        }
        return true;
    }
}
