package io.cospace.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.metrics.Interval;
import io.cospace.evaluate.metrics.RetrievalScores.Direction;
import io.cospace.evaluate.metrics.TieRule;
import java.util.List;
import java.util.Locale;

/**
 * The result of {@code cospace evaluate}: a table for people, JSON for machines.
 *
 * @param run what was run on what
 * @param images how many images were embedded
 * @param figures by dimensions, group and language
 */
record Report(RunFacts run, int images, List<Figures> figures) {
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
                        "MRR",
                        "NDCG@10");
        for (Figures f : figures) {
            table.row(cells(f, "image -> text", f.scores().imageToText(), f.captions()));
            table.row(cells(f, "text -> image", f.scores().textToImage(), f.images()));
        }
        return "%s%n%n%s%n%s".formatted(run.heading(images), table, run.note("R@k"));
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
            percent(direction.recallInterval(1, run.bootstrap())),
            percent(direction.recallInterval(5, run.bootstrap())),
            percent(direction.recallInterval(10, run.bootstrap())),
            String.format(Locale.ROOT, "%.3f", direction.ranks().meanReciprocal()),
            String.format(Locale.ROOT, "%.3f", direction.ndcgInterval(10, run.bootstrap()).mean())
        };
    }

    static String percent(Interval share) {
        return String.format(
                Locale.ROOT,
                "%.1f (%.1f..%.1f)",
                100 * share.mean(),
                100 * share.low(),
                100 * share.high());
    }

    static ObjectNode put(ObjectNode to, Interval interval) {
        return to.put("value", interval.mean())
                .put("low", interval.low())
                .put("high", interval.high());
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf(Math.round(value))
                : String.valueOf(value);
    }

    /** Everything of the table and more; shares are fractions. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        run.write(root);
        root.put("images", images);
        ArrayNode results = root.putArray("results");
        ObjectNode metrics = root.putObject("metrics");
        for (Figures f : figures) {
            add(results.addObject(), f);
            if (f.dimensions() == run.manifest().dimensions()) {
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
            Interval interval = direction.recallInterval(k, run.bootstrap());
            put(to.putObject("recall_at_" + k), interval)
                    .put("ties_lost", direction.ranks(TieRule.PESSIMISTIC).recall(k))
                    .put("ties_won", direction.ranks(TieRule.OPTIMISTIC).recall(k));
        }
        to.put("mrr", direction.ranks().meanReciprocal());
        Interval ndcg = direction.ndcgInterval(10, run.bootstrap());
        put(to.putObject("ndcg_at_10"), ndcg);
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
