package io.cospace.service.batching;

import java.util.Locale;

/** An entry that left the queue without running, and why. */
record Dropped(Entry<?, ?> entry, BatchListener.DropReason reason) {

    /** An entry whose callers are all late or gone. */
    static Dropped late(Entry<?, ?> entry) {
        return new Dropped(
                entry,
                entry.isAbandoned()
                        ? BatchListener.DropReason.CANCELLED
                        : BatchListener.DropReason.LATE);
    }

    /** Completes its promises; outside the lock. */
    void settle(BatchListener listener) {
        String lane = entry.lane.name();
        DroppedException cause =
                switch (reason) {
                    case DRAINED ->
                            new DroppedException(
                                    DroppedException.Reason.DRAINED,
                                    "the %s lane shut down before the item's turn came"
                                            .formatted(lane));
                    case LATE, CANCELLED ->
                            new DroppedException(
                                    DroppedException.Reason.LATE,
                                    "the deadline cannot be met any more; predicted run %s ms"
                                            .formatted(format(entry.cost)));
                };
        boolean _ = entry.fail(cause);
        listener.dropped(lane, entry.priority, reason);
    }

    private static String format(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis);
    }
}
