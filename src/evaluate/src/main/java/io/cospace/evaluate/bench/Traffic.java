package io.cospace.evaluate.bench;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What requests met.
 *
 * @param latency of answered requests in microseconds
 * @param refusals latency from sending to a refusal (429 or 503), in microseconds
 * @param withoutRetryAfter refusals that do not say when to come again
 * @param errors requests that were neither answered nor refused, by status; 0: no answer; 200: an
 *     answer of lines, some of them errors
 * @param sentBytes of all requests, heads included
 * @param answerBytes of all answers' bodies
 */
public record Traffic(
        Histogram latency,
        Histogram refusals,
        long withoutRetryAfter,
        Map<Integer, Long> errors,
        long sentBytes,
        long answerBytes) {
    /** Copies the errors. */
    public Traffic {
        errors = new TreeMap<>(errors);
    }

    /** Requests that were answered. */
    public long answered() {
        return latency.getTotalCount();
    }

    /** Requests that were refused: the service says that it has too much to do. */
    public long refused() {
        return refusals.getTotalCount();
    }

    /** All requests that failed; refusals are none of them. */
    public long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
