package io.cospace.service.batching;

/**
 * One measured batch.
 *
 * @param rows items in it, at least 1
 * @param units sum of their lengths
 * @param longest length of the longest
 * @param millis time it took, more than 0
 */
public record CostSample(int rows, long units, int longest, double millis) {

    public CostSample {
        if (rows < 1 || units < rows || longest < 1 || !(millis > 0)) {
            throw new IllegalArgumentException(
                    "sample of %d rows, %d units, longest %d, %s ms is impossible"
                            .formatted(rows, units, longest, millis));
        }
    }
}
