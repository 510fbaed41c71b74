package io.cospace.encoder.text;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the native tokenizer library (DJL) from the network. Left to itself it reports each start
 * from a cloud machine to its makers, and on a machine with a GPU it downloads another build of
 * itself.
 */
final class TokenizerLibrary {

    /**
     * Which build of the native library is loaded; the one for {@value #CPU} comes inside its jar.
     */
    private static final String FLAVOUR = "RUST_FLAVOR";

    private static final String CPU = "cpu";

    private TokenizerLibrary() {}

    /**
     * Must run before the first use of any of the library's classes.
     *
     * @throws IllegalStateException when the environment asks for a build that would be downloaded;
     *     the environment wins over properties there, so this cannot be overruled here
     */
    static void prepare() {
        refuseOtherFlavour(System.getenv(FLAVOUR));
        System.setProperty(FLAVOUR, CPU);
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    static void refuseOtherFlavour(@Nullable String flavour) {
        if (flavour != null && !flavour.isEmpty() && !flavour.equals(CPU)) {
            throw new IllegalStateException(
                    "environment variable "
                            + FLAVOUR
                            + " is '"
                            + flavour
                            + "'; must be unset or "
                            + CPU
                            + ", since any other tokenizer library would be downloaded");
        }
    }
}
