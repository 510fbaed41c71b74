package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.BenchReport.Compared;
import io.cospace.evaluate.BenchReport.Row;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Series.Spread;
import io.cospace.evaluate.bench.Traffic;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Results of a bench as JSON, which {@code bench chart} and {@code bench capacity} read. */
final class BenchJson {
    private BenchJson() {}

    static ObjectNode of(String workload, List<Row> rows, List<Compared> ratios) {
        ObjectNode root = head("bench", workload);
        ArrayNode series = root.putArray("series");
        rows.forEach(row -> add(series.addObject(), row));
        ArrayNode ratioNodes = root.putArray("ratios");
        for (Compared compared : ratios) {
            ObjectNode node =
                    ratioNodes
                            .addObject()
                            .put("load", compared.load())
                            .put("first", compared.first())
                            .put("second", compared.second())
                            .put("figure", compared.figure())
                            .put("mean", compared.ratio().interval().mean())
                            .put("low", compared.ratio().interval().low())
                            .put("high", compared.ratio().interval().high());
            put(node, compared.ratio().spread());
        }
        return root;
    }

    /** What every result says of itself. */
    static ObjectNode head(String kind, String workload) {
        return JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("kind", kind)
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("workload", workload);
    }

    private static void add(ObjectNode node, Row row) {
        Series s = row.series();
        node.put("name", s.name())
                .put("load", row.load())
                .put("latency_from", row.latencyFrom())
                .put("repeats", s.samples().size())
                .put("noisy_repeats", s.noisy())
                .put("refused", s.refused())
                .put("refused_without_retry_after", s.withoutRetryAfter())
                .put("failed", s.failed());
        put(node, "refused_p99_ms", s.refusalMillis(99));
        put(node, "items_per_second", s, Sample::itemsPerSecond);
        put(node, "cpu_ms_per_item", s, Sample::cpuMillisPerItem);
        put(node, "client_cores", s, Sample::clientCores);
        put(node, "other_cores", s, Sample::otherCores);
        put(node, "stolen_cores", s, Sample::stolenCores);
        put(node, "bytes_in_per_item", s, sample -> perItem(sample, true));
        put(node, "bytes_out_per_item", s, sample -> perItem(sample, false));
        put(node, "p50_ms", s.latencyMillis(50));
        put(node, "p90_ms", s.latencyMillis(90));
        put(node, "p99_ms", s.latencyMillis(99));
        put(node, "p99_9_ms", s.latencyMillis(99.9));
        ArrayNode samples = node.putArray("samples");
        s.samples().forEach(sample -> add(samples.addObject(), sample));
    }

    /** A figure of a sample; NaN, and so left out, where a failed request would distort it. */
    private static double perItem(Sample sample, boolean in) {
        Traffic traffic = sample.traffic();
        if (traffic == null || traffic.refused() + traffic.failed() > 0) {
            return Double.NaN;
        }
        return (double) (in ? traffic.sentBytes() : traffic.answerBytes()) / sample.items();
    }

    /** One repeat, or one interval of a soak. */
    static void add(ObjectNode node, Sample sample) {
        put(node, "seconds", sample.seconds());
        put(node, "items_per_second", sample.itemsPerSecond());
        put(node, "cpu_ms_per_item", sample.cpuMillisPerItem());
        put(node, "client_cores", sample.clientCores());
        put(node, "other_cores", sample.otherCores());
        put(node, "stolen_cores", sample.stolenCores());
        put(node, "p50_ms", Series.latencyMillis(sample, 50));
        put(node, "p99_ms", Series.latencyMillis(sample, 99));
        node.put("refused", sample.refused()).put("failed", sample.failed());
        node.put("noisy", sample.noisy());
    }

    private static void put(
            ObjectNode node, String name, Series series, ToDoubleFunction<Sample> figure) {
        Spread spread = series.spread(figure);
        if (Double.isFinite(spread.median())) {
            put(node.putObject(name), spread);
        }
    }

    private static void put(ObjectNode node, Spread spread) {
        node.put("median", spread.median()).put("min", spread.min()).put("max", spread.max());
    }

    /** JSON has no NaN: what was not measured is left out. */
    static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }
}
