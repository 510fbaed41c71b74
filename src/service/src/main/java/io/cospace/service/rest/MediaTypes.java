package io.cospace.service.rest;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which bodies a path takes and gives. */
final class MediaTypes {

    static final String JSON = "application/json";
    static final String FORM = "multipart/form-data";
    static final String IMAGE = "image/*";

    private MediaTypes() {}

    /**
     * What is wrong with the body that a request announces; null when it can be read.
     *
     * @param contentType header of the request, null when it has none
     * @param encoding header {@code Content-Encoding}, null when it has none
     * @param taken media types, where {@code image/*} stands for all images
     */
    static @Nullable String fault(
            @Nullable String contentType, @Nullable String encoding, List<String> taken) {
        String known = String.join(", ", taken);
        if (contentType == null) {
            return "the request has no Content-Type; this path takes " + known;
        }
        String type = HeaderValue.bare(contentType);
        boolean isImage = type.startsWith("image/");
        if (!taken.contains(isImage ? IMAGE : type)) {
            return "Content-Type is '%s'; this path takes %s".formatted(type, known);
        }
        String charset = HeaderValue.parameter(contentType, "charset");
        if (type.equals(JSON) && charset != null && !charset.equalsIgnoreCase("utf-8")) {
            return "charset is '%s'; JSON is UTF-8".formatted(charset);
        }
        if (type.equals(FORM) && boundary(contentType) == null) {
            return "Content-Type names no boundary of 1..70 characters";
        }
        if (encoding != null && !isGzip(encoding) && !encoding.equalsIgnoreCase("identity")) {
            return "Content-Encoding is '%s'; must be gzip, or none".formatted(encoding);
        }
        return null;
    }

    static boolean isGzip(@Nullable String encoding) {
        return encoding != null
                && (encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip"));
    }

    /** The boundary of a form; null when it is missing or not of 1..70 characters. */
    static @Nullable String boundary(String contentType) {
        String boundary = HeaderValue.parameter(contentType, "boundary");
        boolean fits = boundary != null && !boundary.isEmpty() && boundary.length() <= 70;
        return fits ? boundary : null;
    }

    /** Whether a header {@code Accept} (RFC 9110, section 12.5.1) allows JSON. */
    static boolean acceptsJson(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return true;
        }
        for (String range : accept.split(",", -1)) {
            String quality = HeaderValue.parameter(range, "q");
            boolean refused = quality != null && quality.matches("0(\\.0{0,3})?");
            switch (HeaderValue.bare(range).toLowerCase(Locale.ROOT)) {
                case "*/*", "application/*", JSON -> {
                    if (!refused) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }
}
