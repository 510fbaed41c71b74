package io.cospace.encoder.error;

/** A text that cannot be embedded as it is. */
public abstract sealed class TextException extends EncoderException {

    private static final long serialVersionUID = 1L;

    private TextException(String message) {
        super(message, null);
    }

    /**
     * The text holds nothing that a model could read: no characters, or none but white space and
     * controls.
     */
    public static final class Empty extends TextException {

        private static final long serialVersionUID = 1L;

        public Empty(String message) {
            super(message);
        }
    }

    /** The text is longer than the byte limit, or has more tokens than the model reads. */
    public static final class TooLong extends TextException {

        private static final long serialVersionUID = 1L;

        public TooLong(String message) {
            super(message);
        }
    }

    /** The text is not well-formed UTF-16: it holds a surrogate without its other half. */
    public static final class Malformed extends TextException {

        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message);
        }
    }
}
