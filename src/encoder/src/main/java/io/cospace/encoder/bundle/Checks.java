package io.cospace.encoder.bundle;

import io.cospace.encoder.bundle.Manifest.Calibration;
import io.cospace.encoder.bundle.Manifest.Calibrations;
import io.cospace.encoder.bundle.Manifest.FileEntry;
import io.cospace.encoder.bundle.Manifest.Graph;
import io.cospace.encoder.bundle.Manifest.Precisions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What values of a manifest must be; each check throws {@link IllegalArgumentException} with key,
 * value and rule.
 */
final class Checks {

    private static final int MAX_DIMENSIONS = 65_536;

    private Checks() {}

    /** The plain form: throws unless {@code holds}. */
    static void that(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + value + "; " + rule);
        }
    }

    /** Names fit a folder, a URL and a metric's label. */
    static void identity(String name, String version) {
        that(
                name.matches("[a-z0-9][a-z0-9._-]{0,63}"),
                "name",
                name,
                "must be lower case letters, digits, . _ -");
        that(
                version.matches("[A-Za-z0-9._-]{1,64}"),
                "version",
                version,
                "must be letters, digits, . _ -");
    }

    /** All that speaks of a vector's length agrees. */
    static void dimensions(
            int dimensions, List<Integer> truncatableTo, @Nullable Calibrations calibrations) {
        that(
                dimensions > 0 && dimensions <= MAX_DIMENSIONS,
                "dimensions",
                dimensions,
                "must be 1.." + MAX_DIMENSIONS);
        for (int size : truncatableTo) {
            that(
                    size > 0 && size < dimensions,
                    "truncatable_to",
                    size,
                    "must be 1.." + (dimensions - 1));
        }
        if (calibrations != null) {
            calibration(calibrations.image(), dimensions);
            calibration(calibrations.text(), dimensions);
        }
    }

    /** A score can be made of any cosine. */
    static void logits(double scale, double bias) {
        that(Double.isFinite(scale) && scale > 0, "logit_scale", scale, "must be above 0");
        that(Double.isFinite(bias), "logit_bias", bias, "must be finite");
    }

    /** Names stay inside the folder, and every file that a part needs is listed. */
    static void files(Map<String, FileEntry> files, Precisions precisions) {
        for (String name : files.keySet()) {
            boolean plain = name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
            that(plain, "files", name, "must be a plain file name inside the bundle");
        }
        Stream.concat(
                        Stream.of(Manifest.TOKENIZER, Manifest.SELF_TEST),
                        Stream.of(precisions.image(), precisions.text())
                                .flatMap(tower -> tower.graphs().values().stream())
                                .map(Graph::file))
                .forEach(file ->
                        that(
                                files.containsKey(file),
                                "files",
                                files.keySet(),
                                "must list " + file));
        for (Graph graph : precisions.text().graphs().values()) {
            that(
                    graph.inputs() != null,
                    graph.file() + " inputs",
                    "missing",
                    "must be padded or packed");
        }
    }

    private static void calibration(@Nullable Calibration calibration, int dimensions) {
        if (calibration != null) {
            int found = calibration.min().size();
            that(found == dimensions, "calibration", found + " values", "must be " + dimensions);
        }
    }
}
