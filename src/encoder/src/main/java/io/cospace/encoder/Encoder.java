package io.cospace.encoder;

import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Devices;
import java.nio.file.Path;

/**
 * A model bundle, opened, checked and ready: images and texts to unit vectors of one space. Safe
 * for use by many threads at once. Closing waits for the calls under way; calls after that fail
 * with {@link IllegalStateException}.
 */
public final class Encoder implements AutoCloseable {

    private final ModelBundle bundle;
    private final ImageTower image;
    private final TextTower text;
    private final TowerState imageState;
    private final TowerState textState;

    Encoder(
            ModelBundle bundle,
            ImageTower image,
            TowerState imageState,
            TextTower text,
            TowerState textState) {
        this.bundle = bundle;
        this.image = image;
        this.imageState = imageState;
        this.text = text;
        this.textState = textState;
    }

    /**
     * Opens the bundle in {@code folder} and makes every check of the format: manifest, presence,
     * sizes and checksums of the files, signatures of the graphs, tokenizer, self-test. Checksums
     * of weights are made while these are loaded; nothing is returned before they are known to be
     * right, and a wrong one is named before anything that followed from it. Where the precision is
     * left to the bundle and the self-test fails for a tower (int8 on a processor that cannot),
     * that tower runs at fp32 instead, says so in the log, and in {@link #state}.
     *
     * @throws BundleException naming the file, what was expected and what was found
     * @throws DeviceException when the device cannot be had
     */
    public static Encoder open(Path folder, EncoderSettings settings) {
        Device device = Devices.resolve(settings.device());
        ModelBundle bundle = ModelBundle.openUnread(folder);
        bundle.verifyDescriptions(settings.verify());
        Aside<Boolean> contents =
                Aside.start(
                        "cospace-verify",
                        () -> {
                            bundle.verifyContents(settings.verify());
                            return true;
                        });
        Encoder encoder;
        try {
            encoder = new EncoderOpening(bundle, settings).open(device);
        } catch (RuntimeException e) {
            boolean _ = contents.join();
            throw e;
        }
        try {
            boolean _ = contents.join();
            return encoder;
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    public ModelBundle bundle() {
        return bundle;
    }

    public TextEncoder text() {
        return text;
    }

    public ImageEncoder image() {
        return image;
    }

    /** How a tower runs: device, precision, and whether that is a fallback. */
    public TowerState state(Modality modality) {
        return switch (modality) {
            case IMAGE -> imageState;
            case TEXT -> textState;
        };
    }

    @Override
    public void close() {
        image.close();
        text.close();
    }
}
