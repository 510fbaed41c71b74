package io.cospace.service.fetch;

/** An image that was not fetched; the message is safe to show to the caller. */
public abstract sealed class FetchException extends Exception {

    private static final long serialVersionUID = 1L;

    private FetchException(String message) {
        super(message);
    }

    /** The rules forbid it; nothing was sent to that address. */
    public static final class Refused extends FetchException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** It was allowed and did not come. */
    public static final class Failed extends FetchException {

        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }
}
