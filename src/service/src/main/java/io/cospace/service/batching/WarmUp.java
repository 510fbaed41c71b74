package io.cospace.service.batching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a lane's warm-up did.
 *
 * @param runs batches that were run
 * @param took the time of its runs together
 * @param complete false when the time limit, or the end of the lane, left a batch out or cut one
 *     short
 * @param one the fitted cost of runs on one core; null when nothing was measured
 * @param all the fitted cost of single items on all cores; null when none was measured
 */
public record WarmUp(
        int runs,
        Duration took,
        boolean complete,
        @Nullable CostModel one,
        @Nullable CostModel all) {}
