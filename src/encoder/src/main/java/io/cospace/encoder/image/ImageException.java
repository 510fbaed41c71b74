package io.cospace.encoder.image;

/** An image that cannot be embedded; the message names the cause and is fit to show to a caller. */
public abstract sealed class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ImageException(String message, Throwable cause) {
        super(message, cause);
    }

    private ImageException(String message) {
        super(message);
    }

    /** The bytes claim to be an image of a known format, and are damaged, cut short or absurd. */
    public static final class Unreadable extends ImageException {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message);
        }

        public Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The file has too many bytes, or its header too many pixels; nothing was decoded. */
    public static final class TooLarge extends ImageException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message);
        }
    }

    /** No image format that is read here, or a variant of one that is not. */
    public static final class UnsupportedFormat extends ImageException {
        private static final long serialVersionUID = 1L;

        public UnsupportedFormat(String message) {
            super(message);
        }
    }
}
