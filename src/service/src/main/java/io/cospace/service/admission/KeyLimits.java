package io.cospace.service.admission;

/**
 * How much one key may ask.
 *
 * @param concurrency calls at once, at least 1
 * @param itemsPerSecond texts and images a second in the long run, more than 0
 * @param burst items that may come at once after a quiet time, at least 1
 */
public record KeyLimits(int concurrency, double itemsPerSecond, int burst) {

    /** No limit: the values are never reached. */
    public static final KeyLimits NONE =
            new KeyLimits(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, Integer.MAX_VALUE);

    public KeyLimits {
        require(concurrency >= 1, "concurrency", concurrency, "at least 1");
        require(itemsPerSecond > 0, "items_per_second", itemsPerSecond, "more than 0");
        require(burst >= 1, "burst", burst, "at least 1");
    }

    boolean limitsConcurrency() {
        return concurrency != Integer.MAX_VALUE;
    }

    boolean limitsRate() {
        return !Double.isInfinite(itemsPerSecond);
    }

    private static void require(boolean holds, String field, Object value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s; must be %s".formatted(field, value, range));
        }
    }
}
