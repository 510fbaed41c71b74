package io.cospace.service.rest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A header value of the form {@code value; name=value; name="value"} (RFC 9110, section 5.6.6). */
final class HeaderValue {

    private HeaderValue() {}

    /** What stands before the parameters, in lower case. */
    static String bare(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** The value of a parameter; null when it is absent. */
    static @Nullable String parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at + 1);
            if (equals < 0) {
                return null;
            }
            String key = header.substring(at + 1, equals).strip();
            StringBuilder value = new StringBuilder();
            at = read(header, equals + 1, value);
            if (key.equalsIgnoreCase(name)) {
                return value.toString();
            }
        }
        return null;
    }

    /** Reads a value into {@code value}; position of the semicolon behind it, or -1. */
    private static int read(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at < header.length() && header.charAt(at) == '"') {
            for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
                boolean escaped = header.charAt(at) == '\\' && at + 1 < header.length();
                value.append(header.charAt(escaped ? ++at : at));
            }
            return header.indexOf(';', at);
        }
        int semicolon = header.indexOf(';', at);
        value.append(header.substring(at, semicolon < 0 ? header.length() : semicolon).strip());
        return semicolon;
    }
}
