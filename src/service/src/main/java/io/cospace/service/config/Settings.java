package io.cospace.service.config;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.onnx.Device;
import io.cospace.service.embedding.Limits;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The checked configuration, as the values that the parts of the service take. */
public final class Settings {

    private final ServiceConfig config;

    private Settings(ServiceConfig config) {
        this.config = config;
    }

    /**
     * Checks every value.
     *
     * @throws ConfigurationException that names every value that is out of its range; its message
     *     is all that a stopped start-up prints
     */
    public static Settings of(ServiceConfig config) {
        List<String> faults = ConfigCheck.faults(config);
        if (!faults.isEmpty()) {
            throw new ConfigurationException(String.join(System.lineSeparator(), faults));
        }
        return new Settings(config);
    }

    /** Folder of the bundle, when one is named. */
    public Optional<Path> model() {
        return config.model();
    }

    /** Folder that holds bundles. */
    public Path models() {
        return config.models();
    }

    /** How the bundle is opened. */
    public EncoderSettings encoder() {
        return new EncoderSettings(
                Device.parse(config.device()),
                config.precision(),
                orCores(config.wideThreads()),
                config.verify());
    }

    /** What one call may ask for. */
    public Limits limits() {
        ServiceConfig.Limits limits = config.limits();
        return new Limits(
                limits.bodyBytes(),
                limits.inputs(),
                limits.storedVectors(),
                limits.scores(),
                limits.textBytes(),
                limits.imageBytes(),
                limits.imagePixels(),
                limits.jsonDepth(),
                limits.timeout());
    }

    public int textThreads() {
        return orCores(config.preparation().textThreads());
    }

    public int imageThreads() {
        return orCores(config.preparation().imageThreads());
    }

    public int maxCalls() {
        return config.preparation().maxCalls();
    }

    public long maxBodyBytes() {
        return config.preparation().maxBodyBytes();
    }

    private static int orCores(OptionalInt configured) {
        return configured.orElse(Runtime.getRuntime().availableProcessors());
    }
}
