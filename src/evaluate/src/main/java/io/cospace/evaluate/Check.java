package io.cospace.evaluate;

import io.cospace.encoder.bundle.Manifest.Target;

/**
 * A figure that was measured again and the least that it may be.
 *
 * @param name what was measured: precision, data and figure
 * @param target what was measured when the bundle was made
 * @param floor the check fails below this
 * @param measured now; NaN where the figure does not exist
 */
record Check(String name, double target, double floor, double measured) {
    /** A bundle may lose this share of a target, for other processors round differently. */
    private static final double SHARE = 0.99;

    /**
     * A retrieval figure: at least 99 % of the target, or the tolerance below it if that is less.
     */
    static Check ofTarget(String precision, Target target, double measured) {
        return new Check(
                precision + " " + target.data() + " " + target.metric(),
                target.value(),
                Math.min(SHARE * target.value(), target.value() - target.tolerance()),
                measured);
    }

    /** A mean cosine to the fp32 graph's vectors: at least 99 % of the recorded one. */
    static Check ofCosine(String tower, String precision, double recorded, double measured) {
        return new Check(
                precision + " " + tower + " mean cosine to fp32",
                recorded,
                SHARE * recorded,
                measured);
    }

    /** A graph that nobody has compared with fp32: neither passed nor failed, but said. */
    static Check unmeasured(String tower, String precision) {
        return new Check(
                precision + " " + tower + " unmeasured: never compared with fp32",
                Double.NaN,
                Double.NaN,
                Double.NaN);
    }

    /** Whether there is a target at all. */
    boolean isMeasured() {
        return !Double.isNaN(target);
    }

    /** Whether the figure exists and is high enough; true if nothing was asked for. */
    boolean passed() {
        return !isMeasured() || measured >= floor;
    }
}
