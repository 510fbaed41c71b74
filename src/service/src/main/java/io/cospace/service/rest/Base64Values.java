package io.cospace.service.rest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/** Base64 of RFC 4648, section 4: the plain alphabet, no line breaks, padding optional. */
final class Base64Values {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** Says where a value is not Base64, or not what it should hold. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private Base64Values() {}

    /**
     * The bytes that ASCII characters stand for.
     *
     * @param base64 from its position to its limit; not moved
     */
    static byte[] bytes(ByteBuffer base64) throws MalformedException {
        try {
            ByteBuffer decoded = Base64.getDecoder().decode(base64.duplicate());
            boolean whole = decoded.arrayOffset() == 0 && decoded.limit() == decoded.array().length;
            return whole ? decoded.array() : Arrays.copyOf(decoded.array(), decoded.limit());
        } catch (IllegalArgumentException _) {
            throw new MalformedException("is not Base64: " + fault(base64));
        }
    }

    /** Little-endian float32 values. */
    static float[] floats(ByteBuffer base64) throws MalformedException {
        byte[] bytes = bytes(base64);
        if (bytes.length % Float.BYTES != 0) {
            throw new MalformedException(
                    "holds %d bytes; must be a multiple of 4, the size of a float32"
                            .formatted(bytes.length));
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static String fault(ByteBuffer base64) {
        int length = base64.remaining();
        for (int i = 0; i < length; i++) {
            char c = (char) base64.get(base64.position() + i);
            boolean isPadding = c == '=' && i >= length - 2;
            if (ALPHABET.indexOf(c) < 0 && !isPadding) {
                return "'%c' at position %d".formatted(c, i);
            }
        }
        return "%d characters do not make whole bytes".formatted(length);
    }
}
