package io.cospace.evaluate.scaling;

/**
 * Items of like cost, as a pod of two cores was measured to serve them over HTTP (README,
 * "Measured"; a batch of {@code n} takes one core {@code fixed + n perItem} milliseconds).
 */
public enum ItemClass {
    /** Texts of 8 tokens: 4.9 ms alone, 781 a second on two cores in batches of 32. */
    SHORT_TEXT(0, 2.42, 2.48, 32),
    /** Texts of 54 tokens: 145 a second on two cores, and 256 tokens hold four. */
    MIXED_TEXT(1, 2.42, 13.2, 4),
    /** JPEG files of 41 kB: 117 a second on two cores in batches of four. */
    IMAGE(2, 2.42, 16.5, 4);

    /**
     * Of a run of a model, whatever it holds; measured for short texts and taken for the others.
     */
    private final double fixedMillis;

    private final int place;

    private final double itemMillis;
    private final int most;

    ItemClass(int place, double fixedMillis, double itemMillis, int most) {
        this.place = place;
        this.fixedMillis = fixedMillis;
        this.itemMillis = itemMillis;
        this.most = most;
    }

    /** Among the classes, from 0: in arrays of them. */
    int place() {
        return place;
    }

    /** Seconds that a batch keeps one core. */
    double batchSeconds(int items) {
        return (fixedMillis + itemMillis * items) / 1000;
    }

    /** Seconds of one core that an item is predicted to cost: its part of a full batch. */
    double shareSeconds() {
        return batchSeconds(most) / most;
    }

    /** Most items in a batch: the defaults of {@code cospace.batching}. */
    int most() {
        return most;
    }
}
