package io.cospace.encoder.error;

import org.jspecify.annotations.Nullable;

/**
 * A model bundle that cannot be opened; the message names the file, what was expected and what was
 * found.
 */
public final class BundleException extends EncoderException {

    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * @param file name of the offending file, relative to the bundle's folder
     * @param problem what was expected and what was found
     */
    public BundleException(String file, String problem) {
        this(file, problem, null);
    }

    /** As the other constructor, with the exception that led to it. */
    public BundleException(String file, String problem, @Nullable Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file;
    }

    /** A failed comparison: {@code what} should be {@code expected} and is {@code found}. */
    public static BundleException mismatch(
            String file, String what, Object expected, Object found) {
        return new BundleException(file, what + ": expected " + expected + ", found " + found);
    }

    /** Name of the offending file, relative to the bundle's folder. */
    public String file() {
        return file;
    }
}
