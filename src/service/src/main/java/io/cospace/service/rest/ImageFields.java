package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The forms in which JSON carries an image. */
final class ImageFields {

    private static final String BASE64_MARK = ";base64";

    /** Longest beginning of a data URI in which its comma is looked for. */
    private static final int LONGEST_HEAD = 200;

    private ImageFields() {}

    /**
     * An image from Base64 or a {@code data:} URI (RFC 2397).
     *
     * @param value its characters, of which any beyond ASCII are {@code '?'}
     * @param pointer where the value stands
     */
    static Input image(ByteBuffer value, String pointer) {
        String scheme = ascii(value, 8);
        if (scheme.startsWith("http://") || scheme.startsWith("https://")) {
            return new Input.ImageUrl(
                    StandardCharsets.US_ASCII.decode(value.duplicate()).toString());
        }
        ByteBuffer base64 = value;
        if (scheme.startsWith("data:")) {
            String head = ascii(value, LONGEST_HEAD);
            int comma = head.indexOf(',');
            if (comma < 0 || !head.substring(0, comma).endsWith(BASE64_MARK)) {
                return invalid(
                        pointer, "is a data URI without ';base64,'; must be data:TYPE;base64,DATA");
            }
            base64 = value.slice(value.position() + comma + 1, value.remaining() - comma - 1);
        }
        try {
            return new Input.Image(Base64Values.bytes(base64));
        } catch (Base64Values.MalformedException e) {
            return invalid(pointer, String.valueOf(e.getMessage()));
        }
    }

    /** The first characters, in lower case. */
    private static String ascii(ByteBuffer value, int most) {
        ByteBuffer first = value.slice(value.position(), Math.min(most, value.remaining()));
        return StandardCharsets.US_ASCII.decode(first).toString().toLowerCase(Locale.ROOT);
    }

    private static Input invalid(String pointer, String reason) {
        return new Input.Unreadable(Modality.IMAGE, Problem.InvalidRequest.at(pointer, reason));
    }
}
