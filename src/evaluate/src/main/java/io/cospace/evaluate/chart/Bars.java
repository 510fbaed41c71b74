package io.cospace.evaluate.chart;

import static io.cospace.evaluate.chart.Markup.escaped;
import static io.cospace.evaluate.chart.Numbers.measured;
import static java.lang.String.format;
import static java.util.Locale.ROOT;

import io.cospace.evaluate.chart.Results.Compared;
import io.cospace.evaluate.chart.Results.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Throughput, latency and ratios as rows on a common axis. */
final class Bars {
    private static final List<String> PERCENTILES =
            List.of("p50_ms", "p90_ms", "p99_ms", "p99_9_ms");

    private Bars() {}

    static String throughput(Results results) {
        StringBuilder html = new StringBuilder("<h2>Items a second</h2>");
        html.append(
                "<p class=\"soft\">Median of the repeats; the line is from the least to the greatest.</p>");
        results.byWorkload()
                .forEach((workload, series) -> {
                    html.append("<h3>").append(escaped(workload)).append("</h3>");
                    String key = "items_per_second";
                    Scale scale =
                            Scale.upTo(
                                    series.stream()
                                            .mapToDouble(s -> s.end(key, "max"))
                                            .max()
                                            .orElse(1));
                    String last = "";
                    for (Measured one : series) {
                        double least = scale.percent(one.end(key, "min"));
                        double most = scale.percent(one.end(key, "max"));
                        String track =
                                format(
                                        ROOT,
                                        "<i class=\"bar\" style=\"width:%.2f%%\"></i>"
                                                + "<i class=\"whisk\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                                        scale.percent(one.figure(key)),
                                        least,
                                        most - least);
                        String value = "<b>" + measured(one.figure(key)) + "</b>" + noise(one);
                        html.append(row(results, one, last, track, value));
                        last = one.load();
                    }
                });
        return html.toString();
    }

    private static String noise(Measured one) {
        int noisy = one.node().path("noisy_repeats").asInt();
        return noisy == 0
                ? ""
                : " <span class=\"soft\" title=\"something else used the CPU\">%d of %d noisy</span>"
                        .formatted(noisy, one.node().path("repeats").asInt());
    }

    static String latency(Results results) {
        StringBuilder html = new StringBuilder();
        results.byWorkload()
                .forEach((workload, all) -> {
                    List<Measured> series =
                            all.stream().filter(s -> s.figure("p50_ms") > 0).toList();
                    if (series.isEmpty()) {
                        return;
                    }
                    html.append("<h3>").append(escaped(workload)).append("</h3>");
                    Scale scale =
                            Scale.decades(
                                    series.stream()
                                            .mapToDouble(s -> s.figure("p50_ms"))
                                            .min()
                                            .orElse(1),
                                    series.stream()
                                            .mapToDouble(s -> s.figure("p99_9_ms"))
                                            .max()
                                            .orElse(1));
                    String last = "";
                    for (Measured one : series) {
                        String value =
                                "p50 <b>%s</b> · p99 <b>%s</b> ms"
                                        .formatted(
                                                measured(one.figure("p50_ms")),
                                                measured(one.figure("p99_ms")));
                        html.append(row(results, one, last, percentiles(one, scale), value));
                        last = one.load();
                    }
                    html.append(axis(scale, " ms"));
                });
        return html.isEmpty()
                ? ""
                : "<h2>Latency</h2><p class=\"soft\">From p50 (full) by p90 to p99 (ring) and p99.9, on a"
                        + " logarithmic axis. Open loop (rate): from the planned arrival, so that waiting is"
                        + " seen; closed loop (c): from sending.</p>"
                        + html;
    }

    private static String percentiles(Measured one, Scale scale) {
        StringBuilder track = new StringBuilder(ticks(scale));
        double from = scale.percent(one.figure("p50_ms"));
        double to = scale.percent(one.figure("p99_9_ms"));
        track.append(
                format(
                        ROOT,
                        "<i class=\"span\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                        from,
                        to - from));
        for (String percentile : PERCENTILES) {
            String style =
                    switch (percentile) {
                        case "p50_ms" -> "dot";
                        case "p99_ms" -> "dot late";
                        default -> "dot tail";
                    };
            track.append(
                    format(
                            ROOT,
                            "<i class=\"%s\" title=\"%s %s ms\" style=\"left:%.2f%%\"></i>",
                            style,
                            percentile.replace("_ms", "").replace('_', '.'),
                            measured(one.figure(percentile)),
                            scale.percent(one.figure(percentile))));
        }
        return track.toString();
    }

    static String ratios(Results results) {
        StringBuilder html = new StringBuilder("<h2>Ratios</h2>");
        html.append(
                "<p class=\"soft\">Geometric mean of the turns with its 95 % bootstrap interval; right of"
                        + " the line the first is better. Logarithmic axis.</p>");
        Scale scale =
                Scale.aroundOne(
                        results.ratios().stream().mapToDouble(r -> r.figure("low")).min().orElse(1),
                        results.ratios().stream()
                                .mapToDouble(r -> r.figure("high"))
                                .max()
                                .orElse(1));
        Map<String, List<Compared>> groups = new LinkedHashMap<>();
        for (Compared one : results.ratios()) {
            String group = one.workload() + ": " + one.text("first") + " / " + one.text("second");
            groups.computeIfAbsent(group, g -> new ArrayList<>()).add(one);
        }
        groups.forEach((group, ratios) -> {
            html.append("<h3>").append(escaped(group)).append("</h3>");
            for (Compared one : ratios) {
                double low = scale.percent(one.figure("low"));
                double high = scale.percent(one.figure("high"));
                html.append(
                        format(
                                ROOT,
                                "<div class=\"row\"><span>%s, %s</span><div class=\"track\""
                                        + " style=\"--c:var(--c0)\"><i class=\"one\" style=\"left:50%%\"></i>"
                                        + "<i class=\"span\" style=\"left:%.2f%%;width:%.2f%%\"></i>"
                                        + "<i class=\"dot\" style=\"left:%.2f%%\"></i></div>"
                                        + "<span class=\"num\"><b>%s</b> (%s..%s)</span></div>%n",
                                escaped(one.text("load")),
                                escaped(one.text("figure")),
                                low,
                                high - low,
                                scale.percent(one.figure("mean")),
                                measured(one.figure("mean")),
                                measured(one.figure("low")),
                                measured(one.figure("high"))));
            }
        });
        return html.toString();
    }

    private static String row(
            Results results, Measured one, String last, String track, String value) {
        boolean first = !one.load().equals(last);
        return "<div class=\"row%s\"><span>%s</span><div class=\"track\" title=\"%s\" style=\"--c:var(--c%d)\">%s</div>"
                        .formatted(
                                first ? " first" : "",
                                first ? escaped(one.load()) : "",
                                escaped(one.name()),
                                results.names().indexOf(one.name()) % 4,
                                track)
                + "<span class=\"num\">"
                + value
                + "</span></div>\n";
    }

    private static String ticks(Scale scale) {
        StringBuilder html = new StringBuilder();
        for (double tick : scale.ticks()) {
            html.append(
                    format(
                            ROOT,
                            "<i class=\"tick\" style=\"left:%.2f%%\"></i>",
                            scale.percent(tick)));
        }
        return html.toString();
    }

    private static String axis(Scale scale, String unit) {
        StringBuilder html =
                new StringBuilder("<div class=\"row\"><span></span><div class=\"axis\">");
        for (double tick : scale.ticks()) {
            html.append(
                    format(
                            ROOT,
                            "<span style=\"left:%.2f%%\">%s%s</span>",
                            scale.percent(tick),
                            Numbers.plain(tick, 3),
                            unit));
        }
        return html.append("</div><span></span></div>\n").toString();
    }
}
