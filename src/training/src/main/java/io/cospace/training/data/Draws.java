package io.cospace.training.data;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on nothing but what they are for: the same seed, purpose, epoch and
 * sample give the same numbers on every machine, in any order of asking and at any number of
 * threads.
 */
public final class Draws {
    private Draws() {}

    /** What numbers are drawn for; the codes are part of every run. */
    public enum Purpose {
        ORDER(0),
        TEXT(1),
        PICTURE(2),
        ROWS(3),
        NOISE(4);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /** A generator of its own. */
    public static SplittableRandom of(long seed, Purpose purpose, long epoch, long sample) {
        long state = mixed(seed);
        state = mixed(state ^ purpose.code);
        state = mixed(state ^ epoch);
        return new SplittableRandom(mixed(state ^ sample));
    }

    /**
     * The samples {@code 0..size-1} in the order of an epoch (Fisher and Yates' shuffle).
     *
     * @param size 1 or more
     */
    public static int[] order(int size, long seed, long epoch) {
        SplittableRandom random = of(seed, Purpose.ORDER, epoch, 0);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** Finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input counts. */
    private static long mixed(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
