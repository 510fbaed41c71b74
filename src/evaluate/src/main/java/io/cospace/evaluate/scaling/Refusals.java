package io.cospace.evaluate.scaling;

/**
 * The recorded rule {@code cospace:refused_by_load:rate1m}: refusals a second over the last minute,
 * as of the last evaluation.
 */
final class Refusals {
    /** Seconds between evaluations: the default of the Prometheus operator. */
    static final int EVALUATION = 30;

    private static final int MINUTE = 60;

    private final long[] seconds = new long[MINUTE];
    private int place;
    private double rate;
    private double steadyRate;

    /** A second is over, in which so many tries were refused. */
    void second(long refused) {
        seconds[place] = refused;
        place = (place + 1) % MINUTE;
    }

    /**
     * The rule is evaluated.
     *
     * @param onTheWay whether pods that were asked for are not ready
     */
    void evaluate(boolean onTheWay) {
        long sum = 0;
        for (long refused : seconds) {
            sum += refused;
        }
        rate = (double) sum / MINUTE;
        steadyRate = onTheWay ? 0 : rate;
    }

    double rate(boolean unlessOnTheWay) {
        return unlessOnTheWay ? steadyRate : rate;
    }
}
