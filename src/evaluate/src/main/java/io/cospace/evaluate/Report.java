package io.cospace.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.Bootstrap;
import io.cospace.evaluate.metrics.Interval;
import io.cospace.evaluate.metrics.RetrievalScores.Direction;
import io.cospace.evaluate.metrics.TieRule;
import java.util.List;
import java.util.Locale;

/**
 * The result of {@code cospace evaluate}: a table for people, JSON for machines.
 *
 * @param manifest the bundle's
 * @param image how the image tower ran
 * @param text how the text tower ran
 * @param data the files that were read, with their checksums
 * @param images how many images were embedded
 * @param figures by dimensions, group and language
 * @param skipped samples that were left out
 * @param bootstrap how intervals are made
 */
record Report(
        Manifest manifest,
        TowerState image,
        TowerState text,
        List<DataFile> data,
        int images,
        List<Figures> figures,
        SkippedSamples skipped,
        Bootstrap bootstrap) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** Percentages with intervals, a line for each direction. */
    String table() {
        TextTable table =
                new TextTable(
                        4,
                        "group",
                        "language",
                        "direction",
                        "dims",
                        "queries",
                        "candidates",
                        "R@1",
                        "R@5",
                        "R@10",
                        "MRR");
        for (Figures f : figures) {
            table.row(cells(f, "image -> text", f.scores().imageToText(), f.captions()));
            table.row(cells(f, "text -> image", f.scores().textToImage(), f.images()));
        }
        return "%s, image tower %s, text tower %s on %s, %d images, %d skipped%n%n%s%n%s"
                .formatted(
                        manifest.id(),
                        image.precision(),
                        text.precision(),
                        text.device(),
                        images,
                        skipped.count(),
                        table,
                        "R@k in percent with %s %% bootstrap intervals (%d draws, seed %d)"
                                .formatted(
                                        number(100 * bootstrap.level()),
                                        bootstrap.resamples(),
                                        bootstrap.seed()));
    }

    private String[] cells(Figures f, String name, Direction direction, int candidates) {
        boolean undetermined = f.language().equals(Caption.UNDETERMINED);
        return new String[] {
            f.group(),
            undetermined ? "-" : f.language(),
            name,
            String.valueOf(f.dimensions()),
            String.valueOf(direction.queries()),
            String.valueOf(candidates),
            percent(direction.recallInterval(1, bootstrap)),
            percent(direction.recallInterval(5, bootstrap)),
            percent(direction.recallInterval(10, bootstrap)),
            String.format(Locale.ROOT, "%.3f", direction.ranks().meanReciprocal())
        };
    }

    private static String percent(Interval share) {
        return String.format(
                Locale.ROOT,
                "%.1f (%.1f..%.1f)",
                100 * share.mean(),
                100 * share.low(),
                100 * share.high());
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf(Math.round(value))
                : String.valueOf(value);
    }

    /** Everything of the table and more; shares are fractions. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("model", manifest.id());
        root.put("space", manifest.space());
        root.putObject("precision").put("image", image.precision()).put("text", text.precision());
        root.put("device", text.device().toString());
        ArrayNode files = root.putArray("data");
        data.forEach(file ->
                files.addObject().put("path", file.path().toString()).put("sha256", file.sha256()));
        root.put("images", images);
        ObjectNode skips = root.putObject("skipped").put("count", skipped.count());
        ArrayNode listed = skips.putArray("listed");
        skipped.listed().forEach(sample -> listed.add(sample.toString()));
        root.putObject("bootstrap")
                .put("resamples", bootstrap.resamples())
                .put("seed", bootstrap.seed())
                .put("level", bootstrap.level());
        ArrayNode results = root.putArray("results");
        ObjectNode metrics = root.putObject("metrics");
        for (Figures f : figures) {
            add(results.addObject(), f);
            if (f.dimensions() == manifest.dimensions()) {
                f.metrics().forEach(metrics::put);
            }
        }
        return pretty(root);
    }

    private void add(ObjectNode to, Figures f) {
        to.put("group", f.group())
                .put("language", f.language())
                .put("dimensions", f.dimensions())
                .put("images", f.images())
                .put("captions", f.captions());
        add(to.putObject("image_to_text"), f.scores().imageToText());
        add(to.putObject("text_to_image"), f.scores().textToImage());
    }

    private void add(ObjectNode to, Direction direction) {
        for (int k : Figures.CUTS) {
            Interval interval = direction.recallInterval(k, bootstrap);
            to.putObject("recall_at_" + k)
                    .put("value", interval.mean())
                    .put("low", interval.low())
                    .put("high", interval.high())
                    .put("ties_lost", direction.ranks(TieRule.PESSIMISTIC).recall(k))
                    .put("ties_won", direction.ranks(TieRule.OPTIMISTIC).recall(k));
        }
        to.put("mrr", direction.ranks().meanReciprocal());
        to.put("median_rank", direction.ranks().median());
    }

    static String pretty(ObjectNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("this is a bug: a tree is always JSON", e);
        }
    }
}
