package io.cospace.service.fetch;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.UrlImages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Images by URL, no more than some at once over all calls, so that neither connections nor the
 * bytes that wait for a decoder pile up; others wait for their turn. Thread-safe.
 */
final class FetchedImages implements UrlImages {

    private final BiFunction<String, Duration, CompletableFuture<byte[]>> fetcher;

    /* Guarded by itself. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    /**
     * @param atOnce images between the first byte sent for them and the end of their decoding
     */
    FetchedImages(BiFunction<String, Duration, CompletableFuture<byte[]>> fetcher, int atOnce) {
        this.fetcher = fetcher;
        this.free = atOnce;
    }

    @Override
    public CompletableFuture<Fetched> fetch(String url, Duration most) {
        CompletableFuture<Fetched> image = new CompletableFuture<>();
        long end = System.nanoTime() + most.toNanos();
        take(() -> begin(url, end, image));
        return image;
    }

    private void begin(String url, long endNanos, CompletableFuture<Fetched> image) {
        AtomicBoolean released = new AtomicBoolean();
        Runnable release =
                () -> {
                    if (released.compareAndSet(false, true)) {
                        giveBack();
                    }
                };
        long left = endNanos - System.nanoTime();
        if (image.isDone() || left <= 0) {
            // The call has ended, or is about to, and says so itself.
            image.cancel(false);
            release.run();
            return;
        }
        CompletableFuture<byte[]> bytes = fetcher.apply(url, Duration.ofNanos(left));
        CompletableFuture<?> _ =
                bytes.whenComplete((file, thrown) -> {
                    if (thrown != null) {
                        image.completeExceptionally(problem(url, thrown));
                        release.run();
                    } else if (!image.complete(new Fetched(file, release))) {
                        release.run();
                    }
                });
        CompletableFuture<?> _ = image.whenComplete((_, _) -> bytes.cancel(false));
    }

    private void take(Runnable action) {
        synchronized (waiting) {
            if (free == 0) {
                waiting.add(action);
                return;
            }
            free--;
        }
        action.run();
    }

    private void giveBack() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }

    private static ProblemException problem(String url, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        String detail =
                "'%s': %s"
                        .formatted(
                                UrlImages.shown(url),
                                cause == null ? thrown.getMessage() : cause.getMessage());
        return new ProblemException(
                cause instanceof FetchException.Refused
                        ? new Problem.UrlRefused(detail)
                        : new Problem.UrlFailed(detail));
    }
}
