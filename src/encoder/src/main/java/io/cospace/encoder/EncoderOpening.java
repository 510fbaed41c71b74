package io.cospace.encoder;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Devices;
import io.cospace.encoder.onnx.SessionSettings;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One opening of a bundle's towers: chooses precisions, loads, tests, and tries again at fp32 where
 * that is allowed.
 */
final class EncoderOpening {

    private static final System.Logger LOG = System.getLogger(Encoder.class.getName());
    private static final String FP32 = "fp32";

    private final ModelBundle bundle;
    private final Manifest.Precisions precisions;
    private final EncoderSettings settings;
    private final SessionSettings sessions;

    EncoderOpening(ModelBundle bundle, EncoderSettings settings) {
        this.bundle = bundle;
        this.precisions = bundle.manifest().precisions();
        this.settings = settings;
        this.sessions =
                new SessionSettings(Devices.resolve(settings.device()), settings.wideThreads());
    }

    Encoder open() {
        checkPrecision();
        return open(
                choose(Modality.IMAGE, precisions.image()),
                choose(Modality.TEXT, precisions.text()));
    }

    /** Ends: each further attempt has at least one tower more at its last resort. */
    private Encoder open(TowerState image, TowerState text) {
        Resources opened = new Resources();
        SelfCheck.Failure failure;
        try {
            ImageTower imageTower =
                    opened.add(
                            ImageTower.open(
                                    bundle, image.precision(), sessions, settings.imageLimits()),
                            ImageTower::close);
            TextTower textTower =
                    opened.add(
                            TextTower.open(bundle, text.precision(), sessions), TextTower::close);
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
        TowerState nextImage = fallBack(image, precisions.image(), failure);
        TowerState nextText = fallBack(text, precisions.text(), failure);
        if (nextImage.equals(image) && nextText.equals(text)) {
            throw new BundleException(Manifest.SELF_TEST, failure.message());
        }
        return open(nextImage, nextText);
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

    private TowerState choose(Modality modality, Manifest.Tower tower) {
        String precision =
                tower.graphs().containsKey(settings.precision())
                        ? settings.precision()
                        : tower.defaultFor(
                                sessions.device() instanceof Device.Cuda ? "cuda" : "cpu");
        return new TowerState(modality, sessions.device(), precision, null);
    }

    private TowerState fallBack(TowerState state, Manifest.Tower tower, SelfCheck.Failure failure) {
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

    private boolean isAuto() {
        return settings.precision().equals(EncoderSettings.AUTO);
    }
}
