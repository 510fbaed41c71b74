package io.cospace.service.fetch;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A URL that the rules allow, before its host is looked up.
 *
 * @param host name in lower case and ASCII
 * @param path path and query as they are sent
 */
record Target(String host, String path) {

    private static final int HTTPS = 443;
    private static final int MAX_LENGTH = 2_048;

    /**
     * Checks {@code url} against the rules.
     *
     * @throws FetchException.Refused that says which rule it breaks
     */
    static Target of(String url, FetchSettings settings) throws FetchException.Refused {
        if (!settings.isOn()) {
            throw new FetchException.Refused(
                    "this service does not fetch images; send them as base64 or in the body");
        }
        if (url.length() > MAX_LENGTH) {
            throw new FetchException.Refused(
                    "the URL has "
                            + url.length()
                            + " characters; at most "
                            + MAX_LENGTH
                            + " are read");
        }
        try {
            return of(new URI(url), settings);
        } catch (URISyntaxException e) {
            throw new FetchException.Refused(
                    "the URL cannot be read: " + e.getReason() + " at index " + e.getIndex());
        }
    }

    /** The URL that a redirect of this one leads to, checked anew. */
    Target redirect(@Nullable String location, FetchSettings settings) throws FetchException {
        if (location == null) {
            throw new FetchException.Failed("the server redirects without saying where");
        }
        try {
            URI here = new URI("https://" + host + path);
            return of(here.resolve(new URI(location)), settings);
        } catch (URISyntaxException e) {
            throw new FetchException.Failed("the server redirects to a URL that cannot be read");
        }
    }

    private static Target of(URI uri, FetchSettings settings) throws FetchException.Refused {
        require(
                "https".equalsIgnoreCase(uri.getScheme()),
                "its scheme is " + uri.getScheme() + "; only https is fetched");
        require(uri.getHost() != null, "it names no host");
        require(uri.getRawUserInfo() == null, "it holds a user name");
        require(
                uri.getPort() == -1 || uri.getPort() == HTTPS,
                "its port is " + uri.getPort() + "; only 443 is fetched");
        String host = ascii(uri.getHost());
        // A list of names never holds an address, in whatever notation, so addresses are refused
        // here too.
        require(settings.allows(host), "its host " + host + " is not on the list of the operator");
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(host, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static String ascii(String host) throws FetchException.Refused {
        try {
            return IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new FetchException.Refused("the URL is refused: its host is not a name");
        }
    }

    private static void require(boolean fulfilled, String breach) throws FetchException.Refused {
        if (!fulfilled) {
            throw new FetchException.Refused("the URL is refused: " + breach);
        }
    }
}
