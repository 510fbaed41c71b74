package io.cospace.encoder;

import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.onnx.Device;

/**
 * How a bundle is opened.
 *
 * @param device where both towers run
 * @param precision {@value #AUTO} (the bundle's choice for the device) or a precision that the
 *     manifest names for a tower; a tower without that precision takes its own default
 * @param wideThreads threads of the wide session, 1 or more; the narrow session always has one
 * @param verify how much of the files is checked
 */
public record EncoderSettings(
        Device device, String precision, int wideThreads, Verification verify) {

    /** The precision that leaves the choice to the bundle. */
    public static final String AUTO = "auto";

    public EncoderSettings {
        if (wideThreads < 1 || wideThreads > 1024) {
            throw new IllegalArgumentException(
                    "wideThreads is " + wideThreads + "; must be 1..1024");
        }
        if (precision.isBlank()) {
            throw new IllegalArgumentException(
                    "precision is blank; must be auto or a name in the manifest");
        }
    }

    /** The processor with all its cores, the bundle's precision, {@link Verification#AUTO}. */
    public static EncoderSettings defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new EncoderSettings(new Device.Cpu(), AUTO, cores, Verification.AUTO);
    }
}
