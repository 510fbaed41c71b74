package io.cospace.evaluate.chart;

import static io.cospace.evaluate.chart.Markup.escaped;
import static io.cospace.evaluate.chart.Numbers.measured;
import static io.cospace.evaluate.chart.Results.number;
import static java.lang.String.format;
import static java.util.Locale.ROOT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A soak as small graphs over time, in a page or as a picture of its own. */
final class Timeline {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 150;
    private static final int LEFT = 52;
    private static final int RIGHT = WIDTH - 8;
    private static final int TOP = 26;
    private static final int BOTTOM = HEIGHT - 20;
    private static final double MINUTE = 60;

    /** So that one failure does not fill the panel. */
    private static final double FEWEST_COUNTED = 5;

    private static final List<Panel> PANELS =
            List.of(
                    new Panel("resident_mb", "resident memory, MB", false),
                    new Panel("p99_ms", "p99 from the planned arrival, ms", false),
                    new Panel("p50_ms", "p50, ms", false),
                    new Panel("items_per_second", "items a second", false),
                    new Panel("failed", "failed requests", true),
                    new Panel("refused", "refused requests", true));

    private record Panel(String key, String title, boolean count) {}

    private Timeline() {}

    static String section(JsonNode soak) {
        StringBuilder html = new StringBuilder("<h2>Soak: ").append(escaped(heading(soak)));
        html.append("</h2><p class=\"soft\">").append(escaped(facts(soak)));
        html.append("</p><div class=\"grid\">");
        for (Panel panel : PANELS) {
            if (isMeasured(soak, panel)) {
                html.append(
                        "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%s</svg></figure>\n"
                                .formatted(WIDTH, HEIGHT, panel.title(), graph(soak, panel)));
            }
        }
        return html.append("</div>\n").toString();
    }

    /** One SVG file: the graphs in two columns. */
    static String picture(JsonNode soak) {
        List<Panel> panels = PANELS.stream().filter(p -> isMeasured(soak, p)).toList();
        int rows = (panels.size() + 1) / 2;
        int head = 48;
        StringBuilder svg =
                new StringBuilder(
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui,sans-serif">
                        <style>:root{--bg:#fff;--text:#18181b;--soft:#63636b;--rule:#dcdce0;--c0:#0b66b0}
                        @media(prefers-color-scheme:dark){:root{--bg:#18181b;--text:#e6e6ea;--soft:#a3a3ad;--rule:#3c3c42;--c0:#62b4f2}}</style>
                        <rect width="100%%" height="100%%" fill="var(--bg)"/>
                        <text x="8" y="20" font-size="15" fill="var(--text)">%s</text>
                        <text x="8" y="38" font-size="12" fill="var(--soft)">%s</text>
                        """
                                .formatted(
                                        2 * WIDTH,
                                        head + rows * HEIGHT,
                                        escaped("Soak: " + heading(soak)),
                                        escaped(facts(soak))));
        for (int i = 0; i < panels.size(); i++) {
            svg.append(
                    "<g transform=\"translate(%d %d)\">%s</g>\n"
                            .formatted(
                                    i % 2 * WIDTH,
                                    head + i / 2 * HEIGHT,
                                    graph(soak, panels.get(i))));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String heading(JsonNode soak) {
        return "%s, %s requests a second, %s minutes"
                .formatted(
                        soak.path("workload").asText(),
                        soak.path("load").asText().replace("rate=", ""),
                        Numbers.plain(end(soak) / MINUTE, 3));
    }

    private static String facts(JsonNode soak) {
        return "%s: p50 %s, p99 %s, p99.9 %s ms; behind the first tenth memory %+.1f MB, p99 %+.2f ms; %d refused, %d failed"
                .formatted(
                        soak.path("date").asText(),
                        measured(number(soak, "p50_ms")),
                        measured(number(soak, "p99_ms")),
                        measured(number(soak, "p99_9_ms")),
                        number(soak, "resident_growth_mb"),
                        number(soak, "p99_growth_ms"),
                        soak.path("refused").asLong(),
                        soak.path("failed").asLong());
    }

    private static double end(JsonNode soak) {
        JsonNode intervals = soak.path("intervals");
        return number(intervals.path(intervals.size() - 1), "end");
    }

    private static boolean isMeasured(JsonNode soak, Panel panel) {
        for (JsonNode interval : soak.path("intervals")) {
            if (Double.isFinite(number(interval, panel.key()))) {
                return true;
            }
        }
        return false;
    }

    /** A line over time, from 0, so that what looks flat is flat. */
    private static String graph(JsonNode soak, Panel panel) {
        double most = 0;
        for (JsonNode interval : soak.path("intervals")) {
            double value = number(interval, panel.key());
            most = Double.isFinite(value) ? Math.max(most, value) : most;
        }
        Scale scale = Scale.upTo(panel.count() ? Math.max(FEWEST_COUNTED, most) : 1.05 * most);
        Scale time = Scale.upTo(end(soak));
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<text x=\"%d\" y=\"15\" font-size=\"13\" fill=\"var(--text)\">%s</text>"
                        .formatted(LEFT, panel.title()));
        for (double tick : scale.ticks()) {
            double y = y(scale, tick);
            svg.append(
                    format(
                            ROOT,
                            "<path d=\"M%d %.1fH%d\" stroke=\"var(--rule)\"/><text x=\"%d\" y=\"%.1f\""
                                    + " font-size=\"11\" text-anchor=\"end\" fill=\"var(--soft)\">%s</text>",
                            LEFT,
                            y,
                            RIGHT,
                            LEFT - 5,
                            y + 4,
                            Numbers.plain(tick, 3)));
        }
        svg.append(
                format(
                        ROOT,
                        "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"var(--soft)\">0</text>"
                                + "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"end\""
                                + " fill=\"var(--soft)\">%s min</text>",
                        LEFT,
                        HEIGHT - 4,
                        RIGHT,
                        HEIGHT - 4,
                        Numbers.plain(end(soak) / MINUTE, 3)));
        StringBuilder points = new StringBuilder();
        for (JsonNode interval : soak.path("intervals")) {
            double value = number(interval, panel.key());
            if (Double.isFinite(value)) {
                double x = LEFT + (RIGHT - LEFT) * time.percent(number(interval, "end")) / 100;
                points.append(format(ROOT, "%.1f,%.1f ", x, y(scale, value)));
            }
        }
        return svg.append(
                        "<polyline fill=\"none\" stroke=\"var(--c0)\" stroke-width=\"1.8\" points=\"")
                .append(points.toString().strip())
                .append("\"/>")
                .toString();
    }

    private static double y(Scale scale, double value) {
        return BOTTOM - (BOTTOM - TOP) * scale.percent(value) / 100;
    }
}
