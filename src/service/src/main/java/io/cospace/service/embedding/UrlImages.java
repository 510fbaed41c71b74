package io.cospace.service.embedding;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Images that a call names by their URL. Thread-safe; returns at once. */
@FunctionalInterface
public interface UrlImages {

    /** Refuses every URL. */
    UrlImages NONE =
            (url, _) ->
                    CompletableFuture.failedFuture(
                            new ProblemException(
                                    new Problem.UrlRefused(
                                            "this service fetches no URLs, so not '%s'; send the image itself"
                                                    .formatted(shown(url)))));

    /**
     * An image file that has come.
     *
     * @param release to be run when it has been decoded, or will not be: its memory is counted
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Fetched(byte[] bytes, Runnable release) {}

    /**
     * Fetches an image file; to cancel the future is to give it up.
     *
     * @param most time that the call has left
     * @return fails with a {@link ProblemException}: refused, or failed
     */
    CompletableFuture<Fetched> fetch(String url, Duration most);

    /** A URL in a message: not more of it than fits. */
    static String shown(String url) {
        return url.length() > 200 ? url.substring(0, 200) + "..." : url;
    }
}
