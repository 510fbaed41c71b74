package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Series.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Measured series as a table for people and as JSON. */
final class BenchReport {
    private final String workload;
    private final List<Row> rows = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();

    private record Row(String load, Series series) {}

    private record Ratio(String load, String figure, Spread spread) {}

    BenchReport(String workload) {
        this.workload = workload;
    }

    void add(String load, Series series) {
        rows.add(new Row(load, series));
    }

    /** How the first compares with the second, above 1 when it is better. */
    void compare(String load, Series first, Series second) {
        String pair = first.name() + " / " + second.name() + ", ";
        ratios.add(new Ratio(load, pair + "items/s", first.ratio(second, Sample::itemsPerSecond)));
        // Items a CPU second, so that higher is better here too.
        Spread cpu = first.ratio(second, sample -> 1 / sample.cpuMillisPerItem());
        if (!Double.isNaN(cpu.median())) {
            ratios.add(new Ratio(load, pair + "items per CPU second", cpu));
        }
    }

    String text() {
        TextTable table =
                new TextTable(
                        2,
                        "who",
                        "load",
                        "items/s (min..max)",
                        "CPU ms/item",
                        "p50 ms",
                        "p99 ms",
                        "client cores",
                        "refused",
                        "p99 ms",
                        "failed");
        for (Row row : rows) {
            Series s = row.series();
            Spread rate = s.spread(Sample::itemsPerSecond);
            table.row(
                    s.name(),
                    row.load(),
                    number(rate.median(), 1) + " " + ends(rate, 1),
                    number(s.spread(Sample::cpuMillisPerItem).median(), 3),
                    number(s.latencyMillis(50), 2),
                    number(s.latencyMillis(99), 2),
                    number(s.spread(BenchReport::clientCores).median(), 2),
                    refused(s),
                    number(s.refusalMillis(99), 2),
                    String.valueOf(s.failed()));
        }
        StringBuilder text = new StringBuilder();
        text.append("workload ").append(workload).append("\n\n").append(table);
        for (Ratio ratio : ratios) {
            text.append(
                    "\n%s: %s = %s %s"
                            .formatted(
                                    ratio.load(),
                                    ratio.figure(),
                                    number(ratio.spread().median(), 3),
                                    ends(ratio.spread(), 3)));
        }
        return text.toString();
    }

    /** Requests, and how many of them did not say when to come again. */
    private static String refused(Series s) {
        return s.withoutRetryAfter() == 0
                ? String.valueOf(s.refused())
                : s.refused() + " (" + s.withoutRetryAfter() + " without Retry-After)";
    }

    private static double clientCores(Sample sample) {
        return sample.clientCpuSeconds() / sample.seconds();
    }

    private static String ends(Spread spread, int digits) {
        return "(" + number(spread.min(), digits) + ".." + number(spread.max(), digits) + ")";
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    String json() {
        ObjectNode root = JsonMapper.builder().build().createObjectNode();
        root.put("workload", workload);
        root.put("processors", Runtime.getRuntime().availableProcessors());
        ArrayNode series = root.putArray("series");
        for (Row row : rows) {
            Series s = row.series();
            ObjectNode node =
                    series.addObject()
                            .put("name", s.name())
                            .put("load", row.load())
                            .put("repeats", s.samples().size())
                            .put("refused", s.refused())
                            .put("refused_without_retry_after", s.withoutRetryAfter())
                            .put("failed", s.failed());
            put(node, "refused_p99_ms", s.refusalMillis(99));
            put(node, "items_per_second", s, Sample::itemsPerSecond);
            put(node, "cpu_ms_per_item", s, Sample::cpuMillisPerItem);
            put(node, "client_cores", s, BenchReport::clientCores);
            put(node, "p50_ms", s.latencyMillis(50));
            put(node, "p90_ms", s.latencyMillis(90));
            put(node, "p99_ms", s.latencyMillis(99));
            put(node, "p99_9_ms", s.latencyMillis(99.9));
        }
        ArrayNode ratioNodes = root.putArray("ratios");
        for (Ratio ratio : ratios) {
            ObjectNode node =
                    ratioNodes.addObject().put("load", ratio.load()).put("figure", ratio.figure());
            put(node, ratio.spread());
        }
        return Report.pretty(root);
    }

    private static void put(
            ObjectNode node, String name, Series series, ToDoubleFunction<Sample> figure) {
        Spread spread = series.spread(figure);
        if (!Double.isNaN(spread.median())) {
            put(node.putObject(name), spread);
        }
    }

    private static void put(ObjectNode node, Spread spread) {
        node.put("median", spread.median()).put("min", spread.min()).put("max", spread.max());
    }

    /** JSON has no NaN: what was not measured is left out. */
    private static void put(ObjectNode node, String name, double value) {
        if (!Double.isNaN(value)) {
            node.put(name, value);
        }
    }
}
