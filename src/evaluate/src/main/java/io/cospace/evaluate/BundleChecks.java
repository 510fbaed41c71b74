package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Graph;
import io.cospace.encoder.bundle.Manifest.Target;
import io.cospace.encoder.bundle.Manifest.Tower;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.VectorSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Measures a bundle's targets again. Each choice of graphs is opened once and embeds each data set
 * once, whatever the number of figures taken from it.
 */
final class BundleChecks {
    private static final String FP32 = "fp32";

    private final Function<String, Model> opener;
    private final String device;
    private final int threads;
    private final Map<String, EncodedPairs> encoded = new HashMap<>(); // by graphs and data

    /**
     * Checks of one bundle.
     *
     * @param opener opens it at a precision
     * @param device that it runs on, {@code cpu} or {@code cuda:N}
     */
    BundleChecks(Function<String, Model> opener, String device, int threads) {
        this.opener = opener;
        this.device = device.startsWith("cuda") ? "cuda" : "cpu";
        this.threads = threads;
    }

    /**
     * All checks, in the manifest's order.
     *
     * @param data files at hand
     * @throws EvaluationException if the bundle has no target or a target's data are not at hand
     */
    List<Check> run(List<DataFile> data, IntConsumer progress) {
        Manifest manifest;
        try (Model model = opener.apply(EncoderSettings.AUTO)) {
            manifest = model.manifest();
        }
        List<Target> targets = manifest.targets() == null ? List.of() : manifest.targets();
        boolean compared =
                hasCosine(manifest.precisions().image()) || hasCosine(manifest.precisions().text());
        if (targets.isEmpty() && (!compared || data.isEmpty())) {
            throw new EvaluationException(
                    manifest.id()
                            + " holds no targets: there is nothing to verify it against"
                            + (compared
                                    ? "; name a data set with --pairs to compare its precisions"
                                    : ""));
        }
        List<Check> checks = new ArrayList<>();
        for (Target target : targets) {
            String named = target.precision();
            String precision = named == null ? EncoderSettings.AUTO : named;
            EncodedPairs pairs = encode(manifest, precision, find(target, data), progress);
            checks.add(Check.ofTarget(precision, target, metric(pairs, manifest, target)));
        }
        DataFile any = targets.isEmpty() ? data.getFirst() : find(targets.getFirst(), data);
        addCosines(checks, manifest, "image", any, progress);
        addCosines(checks, manifest, "text", any, progress);
        return checks;
    }

    private static boolean hasCosine(Tower tower) {
        return tower.graphs().containsKey(FP32)
                && tower.graphs().values().stream().anyMatch(g -> g.cosineToFp32() != null);
    }

    /** The graphs that a precision means: precisions with the same graphs are run once. */
    private String graphs(Manifest manifest, String precision) {
        return "image "
                + graph(manifest.precisions().image(), precision)
                + ", text "
                + graph(manifest.precisions().text(), precision);
    }

    private String graph(Tower tower, String precision) {
        String fallback = tower.defaults().getOrDefault(device, tower.defaults().get("cpu"));
        return tower.graphs().containsKey(precision) ? precision : String.valueOf(fallback);
    }

    private static DataFile find(Target target, List<DataFile> data) {
        return data.stream()
                .filter(file -> file.sha256().equals(target.sha256()))
                .findFirst()
                .orElseThrow(() ->
                        new EvaluationException(
                                "target %s needs the data set %s (SHA-256 %s); name it with --pairs"
                                        .formatted(
                                                target.metric(), target.data(), target.sha256())));
    }

    private EncodedPairs encode(
            Manifest manifest, String precision, DataFile data, IntConsumer progress) {
        return encoded.computeIfAbsent(
                graphs(manifest, precision) + " " + data.sha256(),
                key -> {
                    SkippedSamples skipped = new SkippedSamples();
                    try (Model model = opener.apply(precision);
                            PairReader pairs = PairReader.open(data.path(), skipped)) {
                        return new PairEncoder(
                                        model.text(),
                                        model.images(),
                                        Task.DOCUMENT,
                                        Grouping.BY_SOURCE,
                                        threads)
                                .encode(pairs, skipped, progress);
                    }
                });
    }

    private static double metric(EncodedPairs pairs, Manifest manifest, Target target) {
        return pairs.figures(manifest.dimensions()).stream()
                .map(figures -> figures.metrics().get(target.metric()))
                .filter(value -> value != null)
                .mapToDouble(Double::doubleValue)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** A tower without an fp32 graph cannot be compared and is left out. */
    private void addCosines(
            List<Check> checks,
            Manifest manifest,
            String tower,
            DataFile data,
            IntConsumer progress) {
        boolean image = tower.equals("image");
        Tower graphs = image ? manifest.precisions().image() : manifest.precisions().text();
        graphs.graphs()
                .forEach((precision, graph) -> {
                    if (!graph.wasMeasured()) {
                        checks.add(Check.unmeasured(tower, precision));
                    }
                });
        if (!graphs.graphs().containsKey(FP32)) {
            return;
        }
        for (Map.Entry<String, Graph> graph : graphs.graphs().entrySet()) {
            Manifest.Cosine recorded = graph.getValue().cosineToFp32();
            if (recorded != null) {
                EncodedPairs exact = encode(manifest, FP32, data, progress);
                EncodedPairs other = encode(manifest, graph.getKey(), data, progress);
                double mean =
                        image
                                ? meanCosine(exact.imageVectors(), other.imageVectors())
                                : meanCosine(exact.captionVectors(), other.captionVectors());
                checks.add(Check.ofCosine(tower, graph.getKey(), recorded.mean(), mean));
            }
        }
    }

    /** Of unit vectors, row by row; both sets are in the order of the data. */
    private static double meanCosine(VectorSet a, VectorSet b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            float[] x = a.row(i);
            float[] y = b.row(i);
            for (int k = 0; k < x.length; k++) {
                sum += (double) x[k] * y[k];
            }
        }
        return sum / a.size();
    }
}
