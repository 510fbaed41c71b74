package io.cospace.encoder.image;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Buffers of one resize in progress, which grow to what was ever needed: about a megabyte for the
 * largest pictures, a twentieth of that for usual ones. Content is left over from the use before.
 */
final class ResampleScratch {
    private byte[] ring = new byte[0];
    private final long[][] words = new long[3][0];
    private int[] sums = new int[0];

    /** Of at least {@code size} elements, as the two below. */
    byte[] ring(int size) {
        if (ring.length < size) {
            ring = new byte[size];
        }
        return ring;
    }

    /** The {@code index}-th of three. */
    long[] words(int index, int size) {
        if (words[index].length < size) {
            words[index] = new long[size];
        }
        return words[index];
    }

    int[] sums(int size) {
        if (sums.length < size) {
            sums = new int[size];
        }
        return sums;
    }

    /**
     * Scratch that is lent and given back, rather than held by threads, of which there may be
     * thousands. Thread-safe; never waits.
     */
    static final class Pool {
        private final BlockingQueue<ResampleScratch> idle;

        /**
         * @param size how many are kept when nobody uses them
         */
        Pool(int size) {
            idle = new ArrayBlockingQueue<>(size);
        }

        ResampleScratch take() {
            ResampleScratch found = idle.poll();
            return found == null ? new ResampleScratch() : found;
        }

        /**
         * Keeps the scratch for the next taker, or leaves it to the collector when enough are kept.
         */
        void giveBack(ResampleScratch scratch) {
            idle.offer(scratch);
        }
    }
}
