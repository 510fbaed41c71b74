package io.cospace.encoder.image;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Pixels that may be decoded at a time, over all threads: a file of some kilobytes may declare as
 * many pixels as the limits allow, and a hundred of them must not fill the memory at once. Who
 * wants more than is free waits its turn, in order of arrival, for as long as anybody waits for its
 * picture. Thread-safe.
 */
final class PixelBudget {

    /* Both guarded by this. */
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int free;

    /**
     * Starts with all pixels free.
     *
     * @param pixels at least as many as any one claim
     */
    PixelBudget(int pixels) {
        free = pixels;
    }

    /**
     * A claim of no pixels yet.
     *
     * @param unwanted completed when nobody waits for the picture any more
     */
    Claim open(ImageLimits limits, CompletableFuture<?> unwanted) {
        return new Claim(limits, unwanted);
    }

    /** Claims that wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Completed when its pixels are taken, or cancelled when they are not wanted any more. */
    private static final class Turn extends CompletableFuture<Void> {
        private final int pixels;

        Turn(int pixels) {
            this.pixels = pixels;
        }
    }

    private synchronized void await(Turn turn) {
        waiting.add(turn);
        serve();
    }

    private synchronized void release(int pixels) {
        free += pixels;
        serve();
    }

    /** Lets in who is next, as long as there is room; who has left is no longer in the way. */
    private synchronized void serve() {
        Turn next;
        while ((next = waiting.peek()) != null && (next.isDone() || next.pixels <= free)) {
            waiting.remove();
            if (next.complete(null)) {
                free -= next.pixels;
            }
        }
    }

    /**
     * What one picture takes of the budget, from its header on until it is closed. Not thread-safe.
     */
    final class Claim implements AutoCloseable {
        private final ImageLimits limits;
        private final CompletableFuture<?> unwanted;
        private int held;

        private Claim(ImageLimits limits, CompletableFuture<?> unwanted) {
            this.limits = limits;
            this.unwanted = unwanted;
        }

        /**
         * Checks a declared size against the limits, and waits until there is room for its pixels;
         * to be called before they are allocated. Of several sizes the largest counts.
         *
         * @throws io.cospace.encoder.error.ImageException when the size is 0 or over a limit
         * @throws CancellationException when nobody waits for the picture any more
         */
        void take(long width, long height) {
            limits.checkSize(width, height);
            int pixels = (int) (width * height);
            if (pixels > held) {
                // What is held goes back first: two who wait for more must not wait for each other.
                close();
                waitFor(pixels);
                held = pixels;
            }
        }

        private void waitFor(int pixels) {
            Turn turn = new Turn(pixels);
            await(turn);
            CompletableFuture<?> _ = unwanted.whenComplete((_, _) -> turn.cancel(false));
            try {
                turn.join();
            } catch (CancellationException e) {
                serve();
                throw e;
            }
        }

        @Override
        public void close() {
            release(held);
            held = 0;
        }
    }
}
