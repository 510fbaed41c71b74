package io.cospace.encoder.image;

import java.util.concurrent.Semaphore;

/**
 * Pixels that may be decoded at a time, over all threads: a file of some kilobytes may declare as
 * many pixels as the limits allow, and a hundred of them must not fill the memory at once. Who
 * wants more than is free waits its turn, in order of arrival. Thread-safe.
 */
final class PixelBudget {
    private final Semaphore free;

    /**
     * Starts with all pixels free.
     *
     * @param pixels at least as many as any one claim
     */
    PixelBudget(int pixels) {
        free = new Semaphore(pixels, true);
    }

    /** A claim of no pixels yet. */
    Claim open(ImageLimits limits) {
        return new Claim(limits, free);
    }

    /**
     * What one picture takes of the budget, from its header on until it is closed. Not thread-safe.
     */
    static final class Claim implements AutoCloseable {
        private final ImageLimits limits;
        private final Semaphore free;
        private int held;

        private Claim(ImageLimits limits, Semaphore free) {
            this.limits = limits;
            this.free = free;
        }

        /**
         * Checks a declared size against the limits, and waits until there is room for its pixels;
         * to be called before they are allocated. Of several sizes the largest counts.
         *
         * @throws io.cospace.encoder.error.ImageException when the size is 0 or over a limit
         */
        void take(long width, long height) {
            limits.checkSize(width, height);
            int pixels = (int) (width * height);
            if (pixels > held) {
                // What is held goes back first: two who wait for more must not wait for each other.
                free.release(held);
                held = 0;
                free.acquireUninterruptibly(pixels);
                held = pixels;
            }
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }
}
