package io.cospace.service.batching;

import java.util.List;

/**
 * What a call asks of the queue.
 *
 * @param items promises it would add
 * @param bytes memory it would hold
 * @param millis predicted cost of what would have to be computed
 * @param deadlineNanos its earliest deadline, or {@link Job#NO_DEADLINE}
 */
record Demand(Priority priority, int items, long bytes, double millis, long deadlineNanos) {

    /** What the jobs of one call ask together. */
    static <I> Demand of(Lane<I, ?> lane, List<Job<I>> jobs) {
        long bytes = 0;
        double millis = 0;
        long deadline = Job.NO_DEADLINE;
        for (Job<I> job : jobs) {
            bytes += job.bytes();
            millis += lane.cost().share(job.units());
            if (job.deadlineNanos() != Job.NO_DEADLINE
                    && (deadline == Job.NO_DEADLINE || job.deadlineNanos() - deadline < 0)) {
                deadline = job.deadlineNanos();
            }
        }
        return new Demand(jobs.getFirst().priority(), jobs.size(), bytes, millis, deadline);
    }
}
