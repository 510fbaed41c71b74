package io.cospace.service.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which bodies a path takes and gives. */
final class MediaTypes {

    static final String JSON = "application/json";
    static final String FORM = "multipart/form-data";
    static final String IMAGE = "image/*";
    static final String NDJSON = "application/x-ndjson";
    static final String OCTETS = "application/octet-stream";

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
        if ((type.equals(JSON) || type.equals(NDJSON))
                && charset != null
                && !charset.equalsIgnoreCase("utf-8")) {
            return "charset is '%s'; JSON is UTF-8".formatted(charset);
        }
        if (type.equals(FORM) && boundary(contentType) == null) {
            return "Content-Type names no boundary of 1..70 characters";
        }
        if (type.equals(NDJSON) && encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return "Content-Encoding is '%s'; lines are read as they come, not compressed"
                    .formatted(encoding);
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

    /**
     * The form in which an answer is given (RFC 9110, section 12.5.1).
     *
     * @param accept header {@code Accept}, null when the request has none
     * @param given forms that the path has; the first of those that are equally welcome is taken
     * @return null when none is welcome
     */
    static @Nullable String chosen(@Nullable String accept, List<String> given) {
        if (accept == null || accept.isBlank()) {
            return given.getFirst();
        }
        String best = null;
        double most = 0;
        for (String type : given) {
            double quality = quality(accept, type);
            if (quality > most) {
                best = type;
                most = quality;
            }
        }
        return best;
    }

    /** How welcome a type is, 0 .. 1: what the narrowest range that holds it says. */
    private static double quality(String accept, String type) {
        double quality = 0;
        int narrowest = 0;
        for (String range : accept.split(",", -1)) {
            String bare = HeaderValue.bare(range);
            int narrow =
                    bare.equals(type) ? 3 : isRangeOf(bare, type) ? 2 : bare.equals("*/*") ? 1 : 0;
            if (narrow > narrowest) {
                narrowest = narrow;
                quality = weight(HeaderValue.parameter(range, "q"));
            }
        }
        return quality;
    }

    /** Whether a range is that of all subtypes of a type, such as {@code image/*}. */
    private static boolean isRangeOf(String range, String type) {
        int slash = type.indexOf('/');
        return range.length() == slash + 2
                && range.endsWith("/*")
                && range.regionMatches(0, type, 0, slash);
    }

    private static double weight(@Nullable String q) {
        return q != null && q.matches("(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")
                ? Double.parseDouble(q)
                : 1;
    }

    /** Whether a header {@code Accept-Encoding} allows gzip (RFC 9110, section 12.5.3). */
    static boolean acceptsGzip(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return false;
        }
        for (String coding : acceptEncoding.split(",", -1)) {
            String bare = HeaderValue.bare(coding);
            if (bare.equals("gzip") || bare.equals("x-gzip") || bare.equals("*")) {
                return weight(HeaderValue.parameter(coding, "q")) > 0;
            }
        }
        return false;
    }
}
