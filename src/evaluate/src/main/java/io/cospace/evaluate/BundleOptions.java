package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.onnx.Device;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command asks about the bundle it opens. */
final class BundleOptions {
    @Parameters(index = "0", paramLabel = "BUNDLE", description = "folder models/NAME/VERSION")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    Path folder;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "cpu, cuda:N or auto (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    String device;

    @Option(names = "--threads", paramLabel = "N", description = "workers (default: one a core)")
    int threads = Runtime.getRuntime().availableProcessors();

    EncoderSettings settings(String precision, Verification verification) {
        return settings(device, precision, threads, verification);
    }

    /**
     * Settings from what a person typed.
     *
     * @throws EvaluationException if a value is out of range
     */
    static EncoderSettings settings(
            String device, String precision, int threads, Verification verification) {
        try {
            return new EncoderSettings(Device.parse(device), precision, threads, verification);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        }
    }
}
