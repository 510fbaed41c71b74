package io.cospace.service.batching;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How one lane forms its batches.
 *
 * @param name shown in metrics and messages
 * @param maxRows most items in one run; at least 1
 * @param maxUnits most padded units (rows x longest) in one run; an item longer than that runs
 *     alone. On CPU about 256 tokens: activations then stay in cache, and larger batches cost more
 *     per token
 * @param lookAhead how many waiting entries behind the oldest one are looked at for like lengths
 * @param maxPadding largest share of a batch, 0 .. 1, that may be padding
 * @param ageLimit an entry that has waited longer is taken although its length is not alike, where
 *     the budget has room
 * @param maxWait how long a free dispatcher waits for a batch to fill; zero: it starts at once
 */
public record LaneSettings(
        String name,
        int maxRows,
        int maxUnits,
        int lookAhead,
        double maxPadding,
        Duration ageLimit,
        Duration maxWait) {

    public LaneSettings {
        requireNonNull(name, "name is null");
        check(maxRows >= 1, "maxRows", maxRows, "at least 1");
        check(maxUnits >= 1, "maxUnits", maxUnits, "at least 1");
        check(lookAhead >= 0, "lookAhead", lookAhead, "0 or more");
        check(maxPadding >= 0 && maxPadding <= 1, "maxPadding", maxPadding, "0 .. 1");
        check(!ageLimit.isNegative(), "ageLimit", ageLimit, "0 or more");
        check(!maxWait.isNegative(), "maxWait", maxWait, "0 or more");
    }

    /** Starts at once, looks 128 entries ahead, pads at most a fifth, age limit 250 ms. */
    public static LaneSettings of(String name, int maxRows, int maxUnits) {
        return new LaneSettings(
                name, maxRows, maxUnits, 128, 0.2, Duration.ofMillis(250), Duration.ZERO);
    }

    private static void check(boolean holds, String field, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s; must be %s".formatted(field, value, range));
        }
    }
}
