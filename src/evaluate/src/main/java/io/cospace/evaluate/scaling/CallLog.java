package io.cospace.evaluate.scaling;

import org.HdrHistogram.Histogram;

/** What became of the calls. */
final class CallLog {
    private static final double PER_SECOND = 1e5;
    private static final long LONGEST = (long) (3600 * PER_SECOND);

    private final Histogram latency = new Histogram(LONGEST, 3);
    private long refusals;
    private long lost;

    /**
     * A call has its answer.
     *
     * @param seconds from when it first came
     */
    void answered(double seconds) {
        latency.recordValue(Math.min(LONGEST, Math.round(seconds * PER_SECOND)));
    }

    /** A try was refused. */
    void refused() {
        refusals++;
    }

    /** A call was refused as often as its caller tries. */
    void gaveUp() {
        lost++;
    }

    long answers() {
        return latency.getTotalCount();
    }

    long refusals() {
        return refusals;
    }

    long lost() {
        return lost;
    }

    /** In seconds; 0 when nothing was answered. */
    double percentile(double percent) {
        return latency.getValueAtPercentile(percent) / PER_SECOND;
    }

    /** Share of all calls that were answered within so many seconds. */
    double shareWithin(double seconds) {
        long all = answers() + lost;
        long within = latency.getCountBetweenValues(0, Math.round(seconds * PER_SECOND));
        return all == 0 ? 1 : (double) within / all;
    }
}
