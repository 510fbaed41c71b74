package io.cospace.training.report;

import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Pieces of an HTML page; all texts are escaped. */
public final class Html {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 180;
    private static final int LEFT = 48;
    private static final int BOTTOM = 22;
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--line:#2563eb;--rule:#d4d4d8;--soft:#71717a;--card:#f4f4f5}
            @media(prefers-color-scheme:dark){:root{--line:#7aa2ff;--rule:#3f3f46;--soft:#a1a1aa;--card:#27272a}
            body{background:#18181b;color:#e4e4e7}}
            body{font:15px/1.5 system-ui,sans-serif;max-width:74rem;margin:0 auto;padding:1.5rem}
            h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .6rem}
            .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
            th,td{padding:.3rem .7rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
            th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
            th{font-weight:600;color:var(--soft)}.soft{color:var(--soft)}
            .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:1rem}
            .card{background:var(--card);border-radius:8px;padding:.8rem;display:flex;gap:.8rem;align-items:flex-start}
            .card img{width:84px;height:84px;object-fit:contain;background:#fff;border-radius:4px;flex:none}
            .card ol{margin:0;padding-left:1.2rem;overflow-wrap:anywhere}.right{font-weight:600;color:var(--line)}
            .row{display:flex;flex-wrap:wrap;gap:.3rem}.row img{width:64px;height:64px}.own{outline:2px solid var(--line)}
            .bars{display:grid;grid-template-columns:max-content minmax(6rem,1fr) 3rem;gap:.15rem .7rem;max-width:44rem}
            .bars>span:nth-child(3n){text-align:right;font-variant-numeric:tabular-nums}
            .track{position:relative;align-self:center;height:.9rem;background:var(--card);border-radius:3px}
            .track i{position:absolute;inset:0 auto 0 0;background:var(--line);border-radius:3px;opacity:.75}
            .track b{position:absolute;top:50%;height:2px;background:currentColor}
            svg{width:100%;height:auto;max-width:36rem}pre{background:var(--card);padding:1rem;overflow-x:auto;border-radius:8px}
            """;

    private Html() {}

    /** A text as it is to be read. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A whole page. */
    public static String page(String title, String body) {
        return """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>%s</title><style>%s</style></head><body><h1>%s</h1>
        %s</body></html>
        """
                .formatted(escaped(title), STYLE, escaped(title), body);
    }

    /** A table that scrolls by itself on a narrow screen. */
    public static String table(List<String> header, List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><tr>");
        header.forEach(cell -> html.append("<th>").append(escaped(cell)).append("</th>"));
        for (List<String> row : rows) {
            html.append("</tr><tr>");
            row.forEach(cell -> html.append("<td>").append(escaped(cell)).append("</td>"));
        }
        return html.append("</tr></table></div>\n").toString();
    }

    /**
     * A curve over steps.
     *
     * @param values one a step, finite, at least one
     */
    public static String curve(String title, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double range = most > least ? most - least : 1;
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            double x = LEFT + (WIDTH - LEFT - 8.0) * i / Math.max(1, values.length - 1);
            double y = 8 + (HEIGHT - BOTTOM - 8.0) * (most - values[i]) / range;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return String.format(
                Locale.ROOT,
                """
                <figure style="margin:0"><figcaption>%s</figcaption>
                <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
                <path d="M%d 8V%dH%d" fill="none" stroke="var(--rule)"/>
                <polyline points="%s" fill="none" stroke="var(--line)" stroke-width="1.5"/>
                <g fill="currentColor" font-size="11"><text x="%d" y="16" text-anchor="end">%.3g</text>
                <text x="%d" y="%d" text-anchor="end">%.3g</text><text x="%d" y="%d">0</text>
                <text x="%d" y="%d" text-anchor="end">step %d</text></g></svg></figure>
                """,
                escaped(title),
                WIDTH,
                HEIGHT,
                escaped(title),
                LEFT,
                HEIGHT - BOTTOM,
                WIDTH,
                points.toString().strip(),
                LEFT - 4,
                most,
                LEFT - 4,
                HEIGHT - BOTTOM,
                least,
                LEFT,
                HEIGHT - 6,
                WIDTH,
                HEIGHT - 6,
                values.length);
    }

    /**
     * A bar with an interval.
     *
     * @param value 0..1, as are low and high
     * @param text what stands at its end
     */
    public record Bar(String name, double value, double low, double high, String text) {}

    /** Bars below each other, the longest interval to the full width. */
    public static String bars(String title, List<Bar> bars) {
        double most = bars.stream().mapToDouble(Bar::high).max().orElse(0);
        double unit = most > 0 ? 100 / most : 0;
        StringBuilder html =
                new StringBuilder("<h2>")
                        .append(escaped(title))
                        .append("</h2><div class=\"bars\">");
        for (Bar bar : bars) {
            html.append(
                    String.format(
                            Locale.ROOT,
                            """
                            <span>%s</span><span class="track"><i style="width:%.1f%%"></i>\
                            <b style="left:%.1f%%;width:%.1f%%"></b></span><span>%s</span>
                            """,
                            escaped(bar.name()),
                            unit * bar.value(),
                            unit * bar.low(),
                            unit * (bar.high() - bar.low()),
                            escaped(bar.text())));
        }
        return html.append("</div>\n").toString();
    }

    /** A picture inside the page. */
    public static String picture(byte[] file, String text, String style) {
        boolean png = file.length > 1 && (file[0] & 0xff) == 0x89;
        return "<img class=\"%s\" alt=\"%s\" title=\"%s\" src=\"data:image/%s;base64,%s\">"
                .formatted(
                        style,
                        escaped(text),
                        escaped(text),
                        png ? "png" : "jpeg",
                        Base64.getEncoder().encodeToString(file));
    }
}
