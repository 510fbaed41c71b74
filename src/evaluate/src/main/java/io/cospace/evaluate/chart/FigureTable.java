package io.cospace.evaluate.chart;

import static io.cospace.evaluate.chart.Markup.escaped;
import static io.cospace.evaluate.chart.Numbers.measured;
import static java.lang.String.format;
import static java.util.Locale.ROOT;

import io.cospace.evaluate.chart.Results.Measured;
import java.util.List;

/** All figures of a chart as a table, for those who read numbers. */
final class FigureTable {
    private static final List<String> KEYS =
            List.of(
                    "items_per_second",
                    "cpu_ms_per_item",
                    "p50_ms",
                    "p90_ms",
                    "p99_ms",
                    "p99_9_ms",
                    "client_cores",
                    "other_cores",
                    "stolen_cores",
                    "refused",
                    "failed");

    private FigureTable() {}

    static String of(Results results) {
        StringBuilder html =
                new StringBuilder(
                        "<h2>All figures</h2><div class=\"scroll\"><table><tr><th>workload</th><th>who</th><th>load</th>");
        KEYS.forEach(key ->
                html.append("<th>")
                        .append(key.replace("p99_9", "p99.9").replace('_', ' '))
                        .append("</th>"));
        html.append("</tr>\n");
        for (Measured one : results.series()) {
            html.append("<tr><td>").append(escaped(one.workload()));
            html.append("</td><td>").append(escaped(one.name()));
            html.append("</td><td>").append(escaped(one.load())).append("</td>");
            for (String key : KEYS) {
                boolean count = key.equals("refused") || key.equals("failed");
                double figure = one.figure(key);
                html.append("<td>")
                        .append(count ? format(ROOT, "%,.0f", figure) : measured(figure))
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
        return html.append("</table></div>\n").toString();
    }
}
