package io.cospace.training.align;

/** Learning rates as shares of the highest one. */
public final class Schedule {
    private Schedule() {}

    /**
     * Rises in equal steps over the warm-up, then falls along half a cosine to 0.
     *
     * @param step from 0
     * @param warmUp steps; the last of them has the full rate
     * @param total steps, above the warm-up
     */
    public static double cosine(long step, long warmUp, long total) {
        if (step < warmUp) {
            return (step + 1.0) / warmUp;
        }
        return .5 * (1 + Math.cos(Math.PI * (step - warmUp) / (double) (total - warmUp)));
    }

    /** Rises from 0 over the warm-up, then falls in equal steps to 0: Hugging Face's linear. */
    public static double linear(long step, long warmUp, long total) {
        return step < warmUp
                ? step / (double) warmUp
                : Math.max(0, (total - step) / (double) (total - warmUp));
    }
}
