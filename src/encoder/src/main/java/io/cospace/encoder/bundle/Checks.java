package io.cospace.encoder.bundle;

/** Range checks of manifest values. */
final class Checks {

    private Checks() {}

    /** Throws {@link IllegalArgumentException} with key, value and rule unless {@code holds}. */
    static void that(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + "; " + rule);
        }
    }
}
