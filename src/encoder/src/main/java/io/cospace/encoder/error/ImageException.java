package io.cospace.encoder.error;

import org.jspecify.annotations.Nullable;

/** An image that cannot be embedded as it is. */
public abstract sealed class ImageException extends EncoderException {

    private static final long serialVersionUID = 1L;

    private ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The bytes are of a known format but broken, or of no image format at all. */
    public static final class Unreadable extends ImageException {

        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            this(message, null);
        }

        public Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The image has more bytes or pixels than the limits allow; found before any pixel is
     * allocated.
     */
    public static final class TooLarge extends ImageException {

        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message, null);
        }
    }

    /** The bytes are of an image format, or a variant of one, that is not read. */
    public static final class Unsupported extends ImageException {

        private static final long serialVersionUID = 1L;

        public Unsupported(String message) {
            super(message, null);
        }
    }
}
