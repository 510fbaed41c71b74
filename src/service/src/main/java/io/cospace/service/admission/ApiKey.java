package io.cospace.service.admission;

import io.cospace.service.batching.Priority;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one API key; the key itself is known to its owner only.
 *
 * @param name shown in logs and metrics; unique in its file
 * @param sha256 SHA-256 of the key's UTF-8 bytes, as 64 lower-case hexadecimal digits
 * @param cap the best class it may use; empty: any
 * @param expires first moment at which it is refused; empty: never
 */
public record ApiKey(
        String name,
        String sha256,
        Optional<Priority> cap,
        KeyLimits limits,
        Optional<Instant> expires) {

    /** Stands for callers without a key, where no key file is configured. */
    public static ApiKey anonymous(KeyLimits limits) {
        return new ApiKey("anonymous", "", Optional.empty(), limits, Optional.empty());
    }

    /** The class it gets when it asks for one. */
    Priority cap(Priority asked) {
        return cap.filter(best -> best == Priority.BULK).orElse(asked);
    }

    boolean isExpired(Instant now) {
        return expires.map(end -> !now.isBefore(end)).orElse(false);
    }
}
