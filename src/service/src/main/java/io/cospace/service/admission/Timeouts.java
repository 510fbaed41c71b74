package io.cospace.service.admission;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long a caller is willing to wait. */
public final class Timeouts {

    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern GRPC = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private Timeouts() {}

    /**
     * Value of {@code X-Request-Timeout-Ms}.
     *
     * @throws IllegalArgumentException when it is no whole number from 1
     */
    public static Duration ofMillis(String value) {
        String digits = value.strip();
        if (!MILLIS.matcher(digits).matches() || Long.parseLong(digits) == 0) {
            throw new IllegalArgumentException(
                    "X-Request-Timeout-Ms is '%s'; must be a whole number of milliseconds from 1"
                            .formatted(value));
        }
        return Duration.ofMillis(Long.parseLong(digits));
    }

    /**
     * Value of {@code grpc-timeout}: up to 8 digits and a unit (gRPC over HTTP/2, "Requests").
     *
     * @throws IllegalArgumentException when it is of another form
     */
    public static Duration ofGrpc(String value) {
        Matcher matcher = GRPC.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "grpc-timeout is '%s'; must be up to 8 digits and one of H M S m u n"
                            .formatted(value));
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "H" -> Duration.ofHours(count);
            case "M" -> Duration.ofMinutes(count);
            case "S" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMillis(count);
            case "u" -> Duration.ofNanos(1_000 * count);
            default -> Duration.ofNanos(count);
        };
    }
}
