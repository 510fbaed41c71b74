package io.cospace.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Soak;
import java.util.List;
import java.util.Locale;

/** A soak as a few lines for people and as JSON. */
final class SoakReport {
    private SoakReport() {}

    static String text(Soak soak) {
        Series series = soak.series();
        List<Soak.Interval> intervals = soak.intervals();
        Soak.Interval first = intervals.getFirst();
        Soak.Interval last = intervals.getLast();
        Series.Spread p99 = series.spread(s -> Series.latencyMillis(s, 99));
        return String.format(
                Locale.ROOT,
                """
                %.0f s in %d intervals, %d of them noisy
                items/s            %.1f
                p50 / p99 / p99.9  %.2f / %.2f / %.2f ms from the planned arrival
                p99 by interval    %.2f (%.2f..%.2f) ms, %+.2f ms behind the first tenth
                resident           %.0f -> %.0f MB, %+.1f MB behind the first tenth
                refused, failed    %d, %d\
                """,
                last.end(),
                intervals.size(),
                series.noisy(),
                series.samples().stream().mapToLong(Sample::items).sum() / last.end(),
                series.latencyMillis(50),
                series.latencyMillis(99),
                series.latencyMillis(99.9),
                p99.median(),
                p99.min(),
                p99.max(),
                soak.p99Growth(),
                first.residentMegabytes(),
                last.residentMegabytes(),
                soak.growth(),
                series.refused(),
                series.failed());
    }

    static ObjectNode json(String workload, String name, String load, Soak soak) {
        ObjectNode root = BenchJson.head("soak", workload).put("name", name).put("load", load);
        Series series = soak.series();
        root.put("refused", series.refused()).put("failed", series.failed());
        BenchJson.put(root, "p50_ms", series.latencyMillis(50));
        BenchJson.put(root, "p99_ms", series.latencyMillis(99));
        BenchJson.put(root, "p99_9_ms", series.latencyMillis(99.9));
        BenchJson.put(root, "p99_growth_ms", soak.p99Growth());
        BenchJson.put(root, "resident_growth_mb", soak.growth());
        ArrayNode intervals = root.putArray("intervals");
        for (Soak.Interval interval : soak.intervals()) {
            ObjectNode node = intervals.addObject();
            BenchJson.put(node, "end", interval.end());
            BenchJson.put(node, "resident_mb", interval.residentMegabytes());
            BenchJson.add(node, interval.sample());
        }
        return root;
    }
}
