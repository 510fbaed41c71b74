package io.cospace.evaluate.scaling;

/**
 * What a policy did with a traffic.
 *
 * @param policy its name
 * @param calls all that came
 * @param p50 of the answered calls, seconds from their first try to the answer
 * @param p99 likewise
 * @param withinSecond share of all calls that were answered within a second
 * @param refusals tries that were refused
 * @param lost calls that were refused as often as a caller tries
 * @param podHours from the creation of each pod to its end
 * @param mostPods at any time
 * @param changes how often the number was changed
 */
public record Outcome(
        String policy,
        long calls,
        double p50,
        double p99,
        double withinSecond,
        long refusals,
        long lost,
        double podHours,
        int mostPods,
        int changes) {

    /** Refused tries for each call. */
    public double refusedShare() {
        return calls == 0 ? 0 : (double) refusals / calls;
    }

    /** Share of calls that were never answered. */
    public double lostShare() {
        return calls == 0 ? 0 : (double) lost / calls;
    }
}
