package io.cospace.service.batching;

import java.util.List;

/**
 * What a call asks of the queue.
 *
 * @param items promises it would add
 * @param bytes memory it would hold
 * @param millis predicted cost of what would have to be computed; 0: all of it is in flight already
 * @param deadlineNanos its earliest deadline, or {@link Job#NO_DEADLINE}
 */
record Demand(Priority priority, int items, long bytes, double millis, long deadlineNanos) {

    /**
     * What the jobs of one call ask together; inside the lock, since it looks at what is in flight.
     */
    static <I> Demand of(Lane<I, ?> lane, List<Job<I>> jobs) {
        long bytes = 0;
        double millis = 0;
        long deadline = Job.NO_DEADLINE;
        for (Job<I> job : jobs) {
            if (job.key() == null || !lane.inFlight.containsKey(job.key())) {
                bytes += job.bytes();
                millis += lane.cost().share(job.units());
                deadline = earlier(deadline, job.deadlineNanos());
            }
        }
        return new Demand(jobs.getFirst().priority(), jobs.size(), bytes, millis, deadline);
    }

    private static long earlier(long a, long b) {
        if (a == Job.NO_DEADLINE || b == Job.NO_DEADLINE) {
            return a == Job.NO_DEADLINE ? b : a;
        }
        return b - a < 0 ? b : a;
    }
}
