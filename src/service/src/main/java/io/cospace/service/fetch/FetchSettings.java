package io.cospace.service.fetch;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may be fetched.
 *
 * @param allowedHosts host names in lower case; {@code *.example.com} stands for every name below
 *     it, not for itself; empty: nothing is fetched
 * @param maxBytes longest body, 1 or more
 * @param timeout for all of it: look-up, redirects and body
 * @param maxRedirects most redirects that are followed
 */
public record FetchSettings(
        Set<String> allowedHosts, int maxBytes, Duration timeout, int maxRedirects) {

    public FetchSettings {
        allowedHosts =
                allowedHosts.stream()
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        for (String host : allowedHosts) {
            if (!isHost(host)) {
                throw new IllegalArgumentException(
                        "allowed host is '" + host + "'; must be a host name, or *. and a domain");
            }
        }
        if (maxBytes < 1 || maxRedirects < 0 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "max bytes is %d, max redirects %d, timeout %s; must be above 0, 0 or more, above 0"
                            .formatted(maxBytes, maxRedirects, timeout));
        }
    }

    /** Whether {@code host} may stand on the list: a name, or {@code *.} and a domain. */
    public static boolean isHost(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        return name.matches("(\\*\\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?") && !name.matches("[0-9.]+");
    }

    /** Whether anything may be fetched. */
    public boolean isOn() {
        return !allowedHosts.isEmpty();
    }

    /** Whether {@code host}, in lower case, is on the list. */
    boolean allows(String host) {
        if (allowedHosts.contains(host)) {
            return true;
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (allowedHosts.contains("*" + host.substring(dot))) {
                return true;
            }
        }
        return false;
    }
}
