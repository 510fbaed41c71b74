package io.cospace.encoder;

import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.onnx.Device;

/**
 * How a bundle is opened.
 *
 * @param device where both towers run
 * @param precision {@value #AUTO} (the bundle's choice for the device) or a precision that the
 *     manifest names for at least one tower; a tower without that precision takes its own default
 * @param wideThreads threads of the wide session, 1..1024; the narrow session always has one
 * @param verify how much of the files is checked
 * @param imageLimits what an image may cost
 * @param cudaBytes most bytes that each tower takes of a GPU's memory; 0: no limit
 */
public record EncoderSettings(
        Device device,
        String precision,
        int wideThreads,
        Verification verify,
        ImageLimits imageLimits,
        long cudaBytes) {

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

    /** As the other constructor, with the default limits of images and none on a GPU's memory. */
    public EncoderSettings(Device device, String precision, int wideThreads, Verification verify) {
        this(device, precision, wideThreads, verify, ImageLimits.defaults(), 0);
    }

    /**
     * The processor with all its cores, the bundle's precision, {@link Verification#AUTO}, default
     * limits of images.
     */
    public static EncoderSettings defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new EncoderSettings(new Device.Cpu(), AUTO, cores, Verification.AUTO);
    }
}
