package io.cospace.evaluate.scaling;

import java.util.Arrays;

/** Calls of one class that wait, oldest first: when each joined, and when it first came. */
final class CallQueue {
    private double[] joined = new double[64];
    private double[] came = new double[64];
    private int first;
    private int size;

    void add(double joinedAt, double cameAt) {
        if (size == joined.length) {
            joined = doubled(joined);
            came = doubled(came);
            first = 0;
        }
        int place = (first + size) & (joined.length - 1);
        joined[place] = joinedAt;
        came[place] = cameAt;
        size++;
    }

    private double[] doubled(double[] ring) {
        double[] grown = Arrays.copyOfRange(ring, first, first + 2 * ring.length);
        System.arraycopy(ring, 0, grown, ring.length - first, first);
        return grown;
    }

    /** When the oldest joined; infinity when none waits. */
    double oldest() {
        return size == 0 ? Double.POSITIVE_INFINITY : joined[first];
    }

    /** Takes the oldest out and says when it first came. */
    double take() {
        double at = came[first];
        first = (first + 1) & (joined.length - 1);
        size--;
        return at;
    }

    int size() {
        return size;
    }
}
