package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.evaluate.bench.LimitLoop;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How the bare loop runs. */
final class LimitOptions {
    @Option(
            names = "--precision",
            defaultValue = EncoderSettings.AUTO,
            paramLabel = "NAME",
            description = "precision of the bare loop's graphs (default: what the bundle chooses)")
    String precision = EncoderSettings.AUTO;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "of the bare loop: cpu or cuda:N (default: ${DEFAULT-VALUE})")
    String device = "cpu";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "of the bare loop (default: one a core)")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            description = "padded tokens in its batches of texts (default: ${DEFAULT-VALUE})")
    int batchTokens = 256;

    @Option(
            names = "--batch-images",
            paramLabel = "N",
            description = "images in its batches (default: ${DEFAULT-VALUE})")
    int batchImages = 4;

    LimitLoop.Settings loop() {
        return new LimitLoop.Settings(threads, batchTokens, batchImages);
    }

    Model open(Model.Opener opener, Path bundle) {
        return opener.open(
                bundle, BundleOptions.settings(device, precision, threads, Verification.AUTO));
    }
}
