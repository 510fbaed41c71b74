package io.cospace.evaluate.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Results of {@code bench --json FILE} as a page. */
public final class Chart {
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--bg:#fff;--text:#18181b;--soft:#63636b;--rule:#dcdce0;--track:#f1f1f4;
            --c0:#0b66b0;--c1:#c2500a;--c2:#007a5a;--c3:#9b3f87}
            @media(prefers-color-scheme:dark){:root{--bg:#18181b;--text:#e6e6ea;--soft:#a3a3ad;--rule:#3c3c42;--track:#26262b;
            --c0:#62b4f2;--c1:#f2a14b;--c2:#45c79a;--c3:#e29bd0}}
            *{box-sizing:border-box}
            body{background:var(--bg);color:var(--text);font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.2rem}
            h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .3rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
            h1,h3,td,.who{overflow-wrap:anywhere}.soft{color:var(--soft)}p{margin:.3rem 0}
            .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.6rem 0}.legend span::before{content:"";display:inline-block;
            width:.8em;height:.8em;border-radius:2px;background:var(--c);margin-right:.4em}
            .row{display:grid;grid-template-columns:minmax(5rem,11rem) 1fr 12.5rem;gap:.1rem .8rem;align-items:center;margin:.15rem 0}
            .row.first{margin-top:.7rem}.num{font-variant-numeric:tabular-nums;white-space:nowrap}
            .track{position:relative;height:1.15rem;background:var(--track);border-radius:3px}
            .track>*{position:absolute}.bar{left:0;top:0;bottom:0;background:var(--c);border-radius:3px}
            .whisk{top:50%;height:2px;margin-top:-1px;background:var(--text)}
            .tick{top:0;bottom:0;width:1px;background:var(--rule)}.one{top:-.15rem;bottom:-.15rem;width:2px;margin-left:-1px;background:var(--soft)}
            .span{top:50%;height:6px;margin-top:-3px;border-radius:3px;background:var(--c);opacity:.45}
            .dot{top:50%;width:.75rem;height:.75rem;margin:-.375rem 0 0 -.375rem;border-radius:50%;background:var(--c)}
            .dot.late{background:var(--bg);border:3px solid var(--c)}.dot.tail{width:.5rem;height:.5rem;margin:-.25rem 0 0 -.25rem}
            .axis{position:relative;height:1.2rem;font-size:.8rem;color:var(--soft)}.axis span{position:absolute;white-space:nowrap;transform:translateX(-50%)}
            .axis span:first-child{transform:none}.axis span:last-child{transform:translateX(-100%)}
            .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem}figure{margin:0}
            svg{width:100%;height:auto;display:block}.scroll{overflow-x:auto}
            table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
            th,td{padding:.25rem .6rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
            th:nth-child(-n+3),td:nth-child(-n+3){text-align:left}th{color:var(--soft);font-weight:600}
            @media(max-width:40rem){.row{grid-template-columns:1fr auto}.row>.track,.row>.axis{grid-column:1/-1;grid-row:2}}
            """;

    private Chart() {}

    /**
     * A page.
     *
     * @param files results by the name that tells them apart
     * @throws IllegalArgumentException naming a file that is no result
     */
    public static String html(Map<String, JsonNode> files) {
        Results results = Results.of(files);
        StringBuilder body = new StringBuilder("<h1>Cospace bench</h1>").append(facts(files));
        if (!results.series().isEmpty()) {
            body.append(legend(results.names()));
            body.append(Bars.throughput(results)).append(Bars.latency(results));
        }
        if (!results.ratios().isEmpty()) {
            body.append(Bars.ratios(results));
        }
        results.soaks().forEach(soak -> body.append(Timeline.section(soak)));
        if (!results.series().isEmpty()) {
            body.append(FigureTable.of(results));
        }
        return """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>Cospace bench</title><style>%s</style></head><body>
        %s</body></html>
        """
                .formatted(STYLE, body);
    }

    /** A soak alone, as an SVG file that follows the reader's light or dark. */
    public static String svg(JsonNode soak) {
        return Timeline.picture(soak);
    }

    private static String facts(Map<String, JsonNode> files) {
        return files.entrySet().stream()
                .map(file ->
                        "<p class=\"soft\">%s: %s, %s processors, workload %s</p>\n"
                                .formatted(
                                        Markup.escaped(file.getKey()),
                                        Markup.escaped(file.getValue().path("date").asText()),
                                        file.getValue().path("processors").asInt(),
                                        Markup.escaped(file.getValue().path("workload").asText())))
                .collect(Collectors.joining());
    }

    private static String legend(List<String> names) {
        return IntStream.range(0, names.size())
                .mapToObj(i ->
                        "<span class=\"who\" style=\"--c:var(--c%d)\">%s</span>"
                                .formatted(i % 4, Markup.escaped(names.get(i))))
                .collect(Collectors.joining("", "<div class=\"legend\">", "</div>\n"));
    }
}
