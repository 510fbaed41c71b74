package io.cospace.service.batching;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One item handed to a lane.
 *
 * @param item the prepared input, owned by the lane until its answer; never changed
 * @param units length that padding counts in: tokens of a text, 1 for a fixed-size image; at least
 *     1
 * @param bytes memory the item holds while it waits
 * @param deadlineNanos latest useful moment on the clock of {@link System#nanoTime}, or {@link
 *     #NO_DEADLINE}
 * @param key equal keys have equal answers, so that items in flight at the same time are computed
 *     once and answers can be cached; null: never shared
 */
public record Job<I>(
        I item,
        int units,
        long bytes,
        Priority priority,
        long deadlineNanos,
        @Nullable Object key) {

    /** The item may be answered at any time. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    public Job {
        requireNonNull(item, "item is null");
        requireNonNull(priority, "priority is null");
        if (units < 1) {
            throw new IllegalArgumentException("units is %d; must be at least 1".formatted(units));
        }
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "bytes is %d; must not be negative".formatted(bytes));
        }
    }

    /** An interactive item without deadline or key. */
    public static <I> Job<I> of(I item, int units, long bytes) {
        return new Job<>(item, units, bytes, Priority.INTERACTIVE, NO_DEADLINE, null);
    }
}
