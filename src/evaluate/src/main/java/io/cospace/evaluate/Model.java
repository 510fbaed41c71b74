package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import java.nio.file.Path;

/** An opened bundle as the commands see it, so that they can be tested without a model. */
interface Model extends AutoCloseable {
    Manifest manifest();

    /** How a tower runs: its device and the precision in use. */
    TowerState state(Modality tower);

    TextEncoder text();

    ImageEncoder images();

    @Override
    void close();

    /** Opens bundles. */
    @FunctionalInterface
    interface Opener {
        /** Opens the bundle in a folder with all its checks. */
        Model open(Path folder, EncoderSettings settings);
    }
}
