package io.cospace.evaluate;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import java.nio.file.Path;

/** A real bundle. */
record EncoderModel(Encoder encoder) implements Model {
    static Model open(Path folder, EncoderSettings settings) {
        return new EncoderModel(Encoder.open(folder, settings));
    }

    @Override
    public Manifest manifest() {
        return encoder.bundle().manifest();
    }

    @Override
    public TowerState state(Modality tower) {
        return encoder.state(tower);
    }

    @Override
    public TextEncoder text() {
        return encoder.text();
    }

    @Override
    public ImageEncoder images() {
        return encoder.image();
    }

    @Override
    public void close() {
        encoder.close();
    }
}
