package io.cospace.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.Bootstrap;
import java.util.List;

/**
 * What an evaluation was made of.
 *
 * @param manifest the bundle's
 * @param image how the image tower ran
 * @param text how the text tower ran
 * @param dataset its name
 * @param data the files that were read, with their checksums
 * @param skipped samples that were left out
 * @param bootstrap how intervals are made
 */
record RunFacts(
        Manifest manifest,
        TowerState image,
        TowerState text,
        String dataset,
        List<DataFile> data,
        SkippedSamples skipped,
        Bootstrap bootstrap) {

    /** A line for people. */
    String heading(int images) {
        return "%s on %s, image tower %s, text tower %s on %s, %d images, %d skipped"
                .formatted(
                        manifest.id(),
                        dataset,
                        image.precision(),
                        text.precision(),
                        text.device(),
                        images,
                        skipped.count());
    }

    /** How to read the percentages. */
    String note(String figures) {
        return "%s in percent with %s %% bootstrap intervals (%d draws, seed %d)"
                .formatted(
                        figures,
                        Report.number(100 * bootstrap.level()),
                        bootstrap.resamples(),
                        bootstrap.seed());
    }

    /** The same and more as fields. */
    void write(ObjectNode root) {
        root.put("model", manifest.id());
        root.put("space", manifest.space());
        root.putObject("precision").put("image", image.precision()).put("text", text.precision());
        root.put("device", text.device().toString());
        root.put("dataset", dataset);
        ArrayNode files = root.putArray("data");
        data.forEach(file ->
                files.addObject().put("path", file.path().toString()).put("sha256", file.sha256()));
        ObjectNode skips = root.putObject("skipped").put("count", skipped.count());
        ArrayNode listed = skips.putArray("listed");
        skipped.listed().forEach(sample -> listed.add(sample.toString()));
        root.putObject("bootstrap")
                .put("resamples", bootstrap.resamples())
                .put("seed", bootstrap.seed())
                .put("level", bootstrap.level());
    }
}
