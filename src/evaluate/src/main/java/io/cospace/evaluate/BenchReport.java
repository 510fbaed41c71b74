package io.cospace.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.bench.Ratio;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Series.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Measured series as a table for people; {@link BenchJson} writes them for machines. */
final class BenchReport {
    private final String workload;
    private final List<Row> rows = new ArrayList<>();
    private final List<Compared> ratios = new ArrayList<>();

    /**
     * A series.
     *
     * @param load that was put on it
     * @param latencyFrom from when its latency counts; empty for a bare loop
     */
    record Row(String load, String latencyFrom, Series series) {}

    /** The ratio of a figure of two series. */
    record Compared(String load, String first, String second, String figure, Ratio ratio) {}

    BenchReport(String workload) {
        this.workload = workload;
    }

    void add(String load, String latencyFrom, Series series) {
        rows.add(new Row(load, latencyFrom, series));
    }

    /** How the first compares with the second, above 1 when it is better. */
    void compare(String load, Series first, Series second) {
        // Where less is better the figures are turned over, so that more is better everywhere.
        compare(load, first, second, "items/s", Sample::itemsPerSecond);
        compare(load, first, second, "items per CPU second", s -> 1 / s.cpuMillisPerItem());
        compare(load, first, second, "1 / p50", s -> 1 / Series.latencyMillis(s, 50));
        compare(load, first, second, "1 / p99", s -> 1 / Series.latencyMillis(s, 99));
    }

    private void compare(
            String load,
            Series first,
            Series second,
            String figure,
            ToDoubleFunction<Sample> value) {
        Ratio ratio = first.ratio(second, value);
        if (Double.isFinite(ratio.interval().mean())) {
            ratios.add(new Compared(load, first.name(), second.name(), figure, ratio));
        }
    }

    ObjectNode json() {
        return BenchJson.of(workload, rows, ratios);
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
                        "p90 ms",
                        "p99 ms",
                        "p99.9 ms",
                        "client cores",
                        "other cores",
                        "refused",
                        "p99 ms",
                        "failed");
        rows.forEach(row -> add(table, row));
        StringBuilder text = new StringBuilder();
        text.append("workload ").append(workload).append("\n\n").append(table);
        rows.stream()
                .filter(row -> !row.latencyFrom().isEmpty())
                .map(row -> "\n%s: latency counts from %s".formatted(row.load(), row.latencyFrom()))
                .distinct()
                .forEach(text::append);
        if (rows.stream().anyMatch(row -> row.series().noisy() > 0)) {
            text.append(
                    "\n!n: n repeats with more than %s other or %s stolen cores: believe the CPU"
                                    .formatted(Sample.NOISY_OTHERS, Sample.NOISY_STOLEN)
                            + " form, or measure again");
        }
        ratios.forEach(ratio -> text.append('\n').append(line(ratio)));
        return text.toString();
    }

    private static void add(TextTable table, Row row) {
        Series s = row.series();
        Spread rate = s.spread(Sample::itemsPerSecond);
        table.row(
                s.name(),
                row.load(),
                number(rate.median(), 1) + " " + ends(rate, 1),
                number(s.spread(Sample::cpuMillisPerItem).median(), 3),
                number(s.latencyMillis(50), 2),
                number(s.latencyMillis(90), 2),
                number(s.latencyMillis(99), 2),
                number(s.latencyMillis(99.9), 2),
                number(s.spread(Sample::clientCores).median(), 2),
                number(s.spread(Sample::otherCores).median(), 2)
                        + (s.noisy() > 0 ? " !" + s.noisy() : ""),
                refused(s),
                number(s.refusalMillis(99), 2),
                String.valueOf(s.failed()));
    }

    private static String line(Compared compared) {
        Ratio ratio = compared.ratio();
        return "%s: %s / %s, %s = %s (95 %%: %s..%s; turns %s..%s)"
                .formatted(
                        compared.load(),
                        compared.first(),
                        compared.second(),
                        compared.figure(),
                        number(ratio.interval().mean(), 3),
                        number(ratio.interval().low(), 3),
                        number(ratio.interval().high(), 3),
                        number(ratio.spread().min(), 3),
                        number(ratio.spread().max(), 3));
    }

    /** Requests, and how many of them did not say when to come again. */
    private static String refused(Series s) {
        return s.withoutRetryAfter() == 0
                ? String.valueOf(s.refused())
                : s.refused() + " (" + s.withoutRetryAfter() + " without Retry-After)";
    }

    private static String ends(Spread spread, int digits) {
        return "(" + number(spread.min(), digits) + ".." + number(spread.max(), digits) + ")";
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
