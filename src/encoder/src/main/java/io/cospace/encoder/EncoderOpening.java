package io.cospace.encoder;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.SessionSettings;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a bundle's towers: chooses precisions, loads, tests, and where the choice was left
 * open tries again with what is safer.
 */
final class EncoderOpening {

    private static final System.Logger LOG = System.getLogger(Encoder.class.getName());
    private static final String FP32 = "fp32";

    private final ModelBundle bundle;
    private final Manifest.Precisions precisions;
    private final EncoderSettings settings;

    EncoderOpening(ModelBundle bundle, EncoderSettings settings) {
        this.bundle = bundle;
        this.precisions = bundle.manifest().precisions();
        this.settings = settings;
    }

    /**
     * Opens on {@code device}, to which the settings' device was resolved. One that was chosen here
     * and cannot be had after all gives way to the processor.
     */
    Encoder open(Device device) {
        checkPrecision();
        try {
            return openAll(device, null);
        } catch (DeviceException e) {
            if (!(settings.device() instanceof Device.Auto) || device instanceof Device.Cpu) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} runs on cpu: {1}",
                    bundle.manifest().id(),
                    e.getMessage());
            return openAll(new Device.Cpu(), e.getMessage());
        }
    }

    private Encoder openAll(Device device, @Nullable String fallback) {
        return open(
                choose(Modality.IMAGE, precisions.image(), device, fallback),
                choose(Modality.TEXT, precisions.text(), device, fallback));
    }

    /** Ends: each further attempt has at least one tower more at fp32, which is the last resort. */
    private Encoder open(TowerState image, TowerState text) {
        SelfCheck.Failure failure;
        Resources opened = new Resources();
        try {
            Aside<TextTower> texts =
                    Aside.start(
                            "cospace-open-text",
                            () -> TextTower.open(bundle, text.precision(), sessions(text)));
            ImageTower imageTower;
            try {
                imageTower = opened.add(openImage(image), ImageTower::close);
            } catch (RuntimeException e) {
                texts.discard(TextTower::close);
                throw e;
            }
            TextTower textTower = opened.add(texts.join(), TextTower::close);
            Optional<SelfCheck.Failure> found =
                    SelfCheck.of(bundle)
                            .run(imageTower, image.precision(), textTower, text.precision());
            if (found.isEmpty()) {
                return new Encoder(bundle, imageTower, image, textTower, text);
            }
            failure = found.get();
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        opened.close();
        TowerState nextImage = saferThan(image, precisions.image(), failure);
        TowerState nextText = saferThan(text, precisions.text(), failure);
        if (nextImage.equals(image) && nextText.equals(text)) {
            throw new BundleException(Manifest.SELF_TEST, failure.message());
        }
        return open(nextImage, nextText);
    }

    private ImageTower openImage(TowerState image) {
        return ImageTower.open(bundle, image.precision(), sessions(image), settings.imageLimits());
    }

    private void checkPrecision() {
        Set<String> known = new TreeSet<>(precisions.image().graphs().keySet());
        known.addAll(precisions.text().graphs().keySet());
        if (!isAuto() && !known.contains(settings.precision())) {
            throw new BundleException(
                    ModelBundle.MANIFEST,
                    "precision is " + settings.precision() + "; must be auto or one of " + known);
        }
    }

    private TowerState choose(
            Modality modality, Manifest.Tower tower, Device device, @Nullable String fallback) {
        String precision =
                tower.graphs().containsKey(settings.precision())
                        ? settings.precision()
                        : tower.defaultFor(device instanceof Device.Cuda ? "cuda" : "cpu");
        return new TowerState(modality, device, precision, fallback);
    }

    private TowerState saferThan(
            TowerState state, Manifest.Tower tower, SelfCheck.Failure failure) {
        boolean possible =
                isAuto()
                        && failure.suspects().contains(state.modality())
                        && !state.precision().equals(FP32)
                        && tower.graphs().containsKey(FP32);
        if (!possible) {
            return state;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}: the {1} tower runs at fp32 instead of {2}, which failed the self-test: {3}",
                bundle.manifest().id(),
                state.modality(),
                state.precision(),
                failure.message());
        return new TowerState(state.modality(), state.device(), FP32, failure.message());
    }

    private SessionSettings sessions(TowerState state) {
        return new SessionSettings(
                state.device(), settings.wideThreads(), false, settings.cudaBytes());
    }

    private boolean isAuto() {
        return settings.precision().equals(EncoderSettings.AUTO);
    }
}
