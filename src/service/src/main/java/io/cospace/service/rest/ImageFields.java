package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Problem;
import java.util.Locale;

/** The forms in which JSON carries an image. */
final class ImageFields {

    private static final String BASE64_MARK = ";base64";

    private ImageFields() {}

    /**
     * An image from Base64 or a {@code data:} URI (RFC 2397).
     *
     * @param pointer where the value stands
     */
    static Input image(String value, String pointer) {
        String scheme = value.substring(0, Math.min(8, value.length())).toLowerCase(Locale.ROOT);
        if (scheme.startsWith("http://") || scheme.startsWith("https://")) {
            return url(value);
        }
        String base64 = value;
        if (scheme.startsWith("data:")) {
            int comma = value.indexOf(',');
            String head = comma < 0 ? "" : value.substring(0, comma);
            if (!head.toLowerCase(Locale.ROOT).endsWith(BASE64_MARK)) {
                return invalid(
                        pointer, "is a data URI without ';base64,'; must be data:TYPE;base64,DATA");
            }
            base64 = value.substring(comma + 1);
        }
        try {
            return new Input.Image(Base64Values.bytes(base64));
        } catch (Base64Values.MalformedException e) {
            return invalid(pointer, String.valueOf(e.getMessage()));
        }
    }

    /** An image at a URL: refused. */
    static Input url(String url) {
        String shown = url.length() > 200 ? url.substring(0, 200) + "..." : url;
        return new Input.Unreadable(
                Modality.IMAGE,
                new Problem.UrlRefused(
                        "this service fetches no URLs, so not '%s'; send the image itself"
                                .formatted(shown)));
    }

    private static Input invalid(String pointer, String reason) {
        return new Input.Unreadable(Modality.IMAGE, Problem.InvalidRequest.at(pointer, reason));
    }
}
