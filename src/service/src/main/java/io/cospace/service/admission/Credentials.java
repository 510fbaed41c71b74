package io.cospace.service.admission;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller shows, in HTTP fields or gRPC metadata of the same names.
 *
 * @param authorization value of {@code Authorization}; only the scheme Bearer is looked at
 * @param apiKey value of {@code X-API-Key}
 */
public record Credentials(@Nullable String authorization, @Nullable String apiKey) {

    private static final String BEARER = "bearer ";

    /** Nothing is shown. */
    public static final Credentials NONE = new Credentials(null, null);

    /** The key; X-API-Key wins where both are there. */
    Optional<String> key() {
        if (apiKey != null) {
            return Optional.of(apiKey.strip());
        }
        if (authorization != null
                && authorization.length() > BEARER.length()
                && authorization
                        .substring(0, BEARER.length())
                        .toLowerCase(Locale.ROOT)
                        .equals(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return Optional.empty();
    }

    /** Without the key: records print themselves, and a log must not hold one. */
    @Override
    public String toString() {
        return "Credentials[" + (key().isPresent() ? "a key" : "no key") + "]";
    }
}
