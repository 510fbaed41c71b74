package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.data.Classes;
import io.cospace.evaluate.metrics.Bootstrap;
import io.cospace.evaluate.metrics.Interval;
import io.cospace.evaluate.metrics.ZeroShot;

/**
 * Zero-shot classification of one data set.
 *
 * @param classes the names and templates that were used
 * @param scores by image
 */
public record ZeroShotFigures(Classes classes, ZeroShot scores) {
    private static final int MANY = 5;

    /** How many images were classified. */
    public int images() {
        return scores.predictions().length;
    }

    String table(RunFacts run) {
        Bootstrap bootstrap = run.bootstrap();
        TextTable table =
                new TextTable(
                        0, "classes", "templates", "images", "top-1", "top-5", "mean per class");
        table.row(
                String.valueOf(classes.names().size()),
                String.valueOf(classes.templates().size()),
                String.valueOf(images()),
                Report.percent(scores.topInterval(1, bootstrap)),
                Report.percent(scores.topInterval(MANY, bootstrap)),
                Report.percent(scores.meanPerClassInterval(bootstrap)));
        return "%s%n%n%s%n%s".formatted(run.heading(images()), table, run.note("Shares of images"));
    }

    String json(RunFacts run) {
        ObjectNode root = JsonMapper.builder().build().createObjectNode();
        run.write(root);
        root.put("images", images());
        root.put("templates", classes.templates().size());
        ObjectNode zeroShot = root.putObject("zero_shot");
        put(zeroShot, "top_1", scores.topInterval(1, run.bootstrap()));
        put(zeroShot, "top_5", scores.topInterval(MANY, run.bootstrap()));
        put(zeroShot, "mean_per_class", scores.meanPerClassInterval(run.bootstrap()));
        ArrayNode byClass = root.putArray("classes");
        double[] shares = scores.perClass();
        for (int c = 0; c < shares.length; c++) {
            ObjectNode entry = byClass.addObject().put("name", classes.names().get(c));
            if (!Double.isNaN(shares[c])) {
                entry.put("top_1", shares[c]);
            }
        }
        return Report.pretty(root);
    }

    private static void put(ObjectNode to, String name, Interval interval) {
        Report.put(to.putObject(name), interval);
    }
}
