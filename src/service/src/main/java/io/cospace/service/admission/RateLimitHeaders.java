package io.cospace.service.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Values of the response fields {@code RateLimit-Policy} and {@code RateLimit}
 * (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4). The policy {@code items} counts
 * texts and images: {@code q} is the burst, {@code w} the seconds it takes to fill; {@code
 * concurrency} counts calls at once.
 *
 * @param policy what the key may use; empty: no limit, and no field is sent
 * @param state what is left of it: {@code r} units, full again in {@code t} seconds; empty: no
 *     limit
 */
public record RateLimitHeaders(String policy, String state) {

    static RateLimitHeaders of(
            KeyLimits limits, long itemsLeft, Duration untilFull, int callsLeft) {
        List<String> policies = new ArrayList<>();
        List<String> states = new ArrayList<>();
        if (limits.limitsRate()) {
            long window = Math.max(1, (long) Math.ceil(limits.burst() / limits.itemsPerSecond()));
            policies.add("\"items\";q=%d;w=%d;qu=\"items\"".formatted(limits.burst(), window));
            states.add("\"items\";r=%d;t=%d".formatted(itemsLeft, ceilSeconds(untilFull)));
        }
        if (limits.limitsConcurrency()) {
            policies.add(
                    "\"concurrency\";q=%d;qu=\"concurrent-requests\""
                            .formatted(limits.concurrency()));
            states.add("\"concurrency\";r=%d".formatted(callsLeft));
        }
        return new RateLimitHeaders(String.join(", ", policies), String.join(", ", states));
    }

    public boolean isEmpty() {
        return policy.isEmpty();
    }

    private static long ceilSeconds(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }
}
