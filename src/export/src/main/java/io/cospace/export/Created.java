package io.cospace.export;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that a bundle says it was made, which is never read from a clock: the variable {@code
 * SOURCE_DATE_EPOCH} (seconds since 1970, reproducible-builds.org), or a fixed day where it is not
 * set.
 */
public final class Created {
    /** 2026-11-01T00:00:00Z, as the build's own outputTimestamp. */
    static final Instant DEFAULT = Instant.ofEpochSecond(1_793_491_200);

    private Created() {}

    /**
     * ISO 8601 of {@code epochSeconds}, the variable's value or null.
     *
     * @throws ExportException when it is no whole number of seconds from 0 to the year 9999
     */
    public static String of(@Nullable String epochSeconds) {
        if (epochSeconds == null || epochSeconds.isBlank()) {
            return DEFAULT.toString();
        }
        if (!epochSeconds.strip().matches("\\d{1,11}")) {
            throw new ExportException(
                    "SOURCE_DATE_EPOCH is "
                            + epochSeconds
                            + "; it must be whole seconds since 1970");
        }
        return Instant.ofEpochSecond(Long.parseLong(epochSeconds.strip())).toString();
    }

    /** {@link #of} of this process's environment. */
    public static String fromEnvironment() {
        return of(System.getenv("SOURCE_DATE_EPOCH"));
    }
}
