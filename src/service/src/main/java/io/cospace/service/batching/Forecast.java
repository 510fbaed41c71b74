package io.cospace.service.batching;

/**
 * What waits and runs at one moment, from which the wait of a newcomer is told at any later one.
 * Published after every change, so that the door, which asks for each call, takes no lock: behind
 * one, an event loop could wait for a thread that has lost its core.
 *
 * @param interactiveMillis predicted cost of what waits in that class
 * @param bulkMillis predicted cost of what waits in that class
 * @param endsNanos predicted end of each run
 * @param pendingMillis predicted cost of what is in hand and has not begun
 * @param idle dispatchers that idle
 * @param dispatchers all of them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Forecast(
        double interactiveMillis,
        double bulkMillis,
        long[] endsNanos,
        double pendingMillis,
        int idle,
        int dispatchers) {

    private static final double NANOS_PER_MILLI = 1e6;

    static Forecast empty(int dispatchers) {
        return new Forecast(0, 0, new long[0], 0, dispatchers, dispatchers);
    }

    /**
     * Predicted wait of a new item of a class: what runs, what waits before it in its own class,
     * and as much of the other class as its share lets pass meanwhile, over the number of
     * dispatchers.
     */
    double waitMillis(Priority priority, long nowNanos) {
        if (interactiveMillis + bulkMillis == 0 && idle > 0) {
            return 0;
        }
        double weight = FairShare.INTERACTIVE_WEIGHT;
        double ahead =
                switch (priority) {
                    case INTERACTIVE ->
                            interactiveMillis + Math.min(bulkMillis, interactiveMillis / weight);
                    case BULK -> bulkMillis + Math.min(interactiveMillis, bulkMillis * weight);
                };
        return (restMillis(nowNanos) + ahead) / dispatchers;
    }

    /** Predicted rest of all that is in hand, summed over the dispatchers. */
    private double restMillis(long nowNanos) {
        double sum = pendingMillis;
        for (long end : endsNanos) {
            sum += Math.max(0, (end - nowNanos) / NANOS_PER_MILLI);
        }
        return sum;
    }
}
