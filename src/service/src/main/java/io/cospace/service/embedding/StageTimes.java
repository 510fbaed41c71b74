package io.cospace.service.embedding;

import java.util.List;

/**
 * How long an item spent in each stage, in nanoseconds.
 *
 * @param prepareNanos from the call's arrival until the item was handed to its tower
 * @param queueNanos until the run that answered it began
 * @param runNanos time of that run, shared by all items in it
 */
public record StageTimes(long prepareNanos, long queueNanos, long runNanos) {

    static final StageTimes NONE = new StageTimes(0, 0, 0);

    /** Times of an item that took several rows: those of the row that was answered last. */
    static StageTimes of(long prepareNanos, List<Tower.Run> runs) {
        StageTimes slowest = NONE;
        for (Tower.Run run : runs) {
            slowest =
                    slower(slowest, new StageTimes(prepareNanos, run.queueNanos(), run.runNanos()));
        }
        return slowest;
    }

    /** Of two items of one call, the times of the one that was answered later. */
    static StageTimes slower(StageTimes a, StageTimes b) {
        return b.total() > a.total() ? b : a;
    }

    private long total() {
        return prepareNanos + queueNanos + runNanos;
    }
}
