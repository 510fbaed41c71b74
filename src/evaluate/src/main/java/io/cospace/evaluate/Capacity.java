package io.cospace.evaluate;

/**
 * How much is needed to serve a rate of items.
 *
 * @param utilisation share of a pod's cores that is busy at the rate, in (0, 1]: the rest is for
 *     peaks within a minute, and what an autoscaler aims at
 * @param spare pods beyond that, for the one that is being replaced or has died
 * @param trough the quietest hour's rate as a share of the peak's, in (0, 1]
 * @param headroom how far an autoscaler may go beyond the peak that was planned, 1 or more
 */
record Capacity(double utilisation, int spare, double trough, double headroom) {
    /** An autoscaled service has at least two pods, so that one can go. */
    private static final int FEWEST_PODS = 2;

    private static final double HOURS_A_MONTH = 730;

    /** Checks the ranges. */
    Capacity {
        if (!(utilisation > 0 && utilisation <= 1)
                || spare < 0
                || !(trough > 0 && trough <= 1)
                || !(headroom >= 1 && headroom < 100)) {
            throw new EvaluationException(
                    "utilisation %s and trough %s must be in (0, 1], spare %d at least 0, headroom %s at least 1"
                            .formatted(utilisation, trough, spare, headroom));
        }
    }

    /**
     * What an item costs, as measured.
     *
     * @param cpuMillis CPU time of the service
     * @param bytesIn of its request, its share of the head included
     * @param bytesOut of its answer
     */
    record Cost(String name, double cpuMillis, double bytesIn, double bytesOut) {
        /** Checks the ranges. */
        Cost {
            if (!(cpuMillis > 0 && cpuMillis < 1e6) || !(bytesIn >= 0) || !(bytesOut >= 0)) {
                throw new EvaluationException(
                        "cost of %s is %s ms, %s bytes in, %s out; needs above 0, and 0 or more"
                                .formatted(name, cpuMillis, bytesIn, bytesOut));
            }
        }

        /** Cores that a rate keeps busy. */
        double busyCores(double itemsPerSecond) {
            return itemsPerSecond * cpuMillis / 1000;
        }

        /** Gigabits (10^9) a second to the service. */
        double gigabitsIn(double itemsPerSecond) {
            return 8 * itemsPerSecond * bytesIn / 1e9;
        }

        /** Gigabits (10^9) a second from the service. */
        double gigabitsOut(double itemsPerSecond) {
            return 8 * itemsPerSecond * bytesOut / 1e9;
        }
    }

    /** Pods of so many cores at the peak. */
    long pods(Cost cost, double itemsPerSecond, double coresPerPod) {
        double needed = cost.busyCores(itemsPerSecond) / (coresPerPod * utilisation);
        // A hair above a whole number is the rounding of the division, not another pod.
        return Math.max(FEWEST_PODS, (long) Math.ceil(needed - 1e-9) + spare);
    }

    /** The autoscaler's least number of pods: enough for the quietest hour. */
    long minReplicas(Cost cost, double itemsPerSecond, double coresPerPod) {
        return pods(cost, trough * itemsPerSecond, coresPerPod);
    }

    /** The autoscaler's greatest number of pods. */
    long maxReplicas(Cost cost, double itemsPerSecond, double coresPerPod) {
        return (long) Math.ceil(headroom * pods(cost, itemsPerSecond, coresPerPod) - 1e-9);
    }

    /** What the cores of so many pods cost a month of 730 hours. */
    static double monthly(long pods, double coresPerPod, double pricePerCoreHour) {
        return pods * coresPerPod * pricePerCoreHour * HOURS_A_MONTH;
    }
}
