package io.cospace.export.recipe;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Manifest.FileEntry;
import io.cospace.encoder.bundle.Manifest.Target;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.BundleWriter;
import io.cospace.export.Digest;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The last part of every bundle of the ingredients, once its graphs are written: measures them as
 * they are served, writes self-test, provenance and manifest, and publishes.
 *
 * @param ingredients what was read, for provenance and for the targets' data
 * @param sources the same in memory
 * @param draft of the manifest
 * @param bulk how many threads measure
 * @param progress is told what begins
 */
record Publication(
        Ingredients ingredients,
        Sources sources,
        Draft draft,
        Bulk bulk,
        Consumer<String> progress) {
    /** How far a figure may fall on another processor: two or three queries of the test pairs. */
    private static final double TOLERANCE = 0.005;

    /**
     * Measures and publishes.
     *
     * @param placed where all that was read stands, by the weights behind the graphs
     * @param probabilities of the classes, in any positive measure, by training pair
     * @param recipe what was done
     * @param seed of random draws
     * @return the bundle's folder
     */
    Path publish(
            Placed placed,
            Function<Pair, float[]> probabilities,
            RunRecord.Recipe recipe,
            String seed) {
        BundleWriter writer = draft.writer();
        List<Truncation.Row> truncation = Truncation.measure(Measurements.groups(sources, placed));
        Served served = measureServed(probabilities);
        Draft.Findings findings =
                new Draft.Findings(
                        Truncation.acceptable(truncation, draft.dimensions()),
                        Measurements.logitScale(sources, placed),
                        Measurements.calibrations(sources, placed),
                        served.int8Cosine(),
                        Map.of(Draft.FP32, served.fp32(), Draft.INT8, served.int8()),
                        targets(served.int8()));
        writer.write(Manifest.SELF_TEST, ManifestJson.write(served.selfTest()));
        writer.write("run.json", ManifestJson.write(runRecord(recipe, seed, truncation, served)));
        Manifest manifest = draft.manifest(findings);
        check(writer, manifest);
        return writer.publish(manifest);
    }

    /**
     * What was measured on the graphs as they are served.
     *
     * @param fp32 figures on the test pairs with the fp32 text graph
     * @param int8 the same with the int8 text graph, the default
     * @param int8Cosine of its text vectors to the fp32 graph's
     * @param selfTest expectations by the fp32 graphs
     */
    private record Served(
            SortedMap<String, Double> fp32,
            SortedMap<String, Double> int8,
            Cosine int8Cosine,
            SelfTest selfTest) {}

    /**
     * Makes the folder one that can be opened, with a manifest and a self-test that expect nothing,
     * since what they should expect is the question.
     */
    void preview() {
        BundleWriter writer = draft.writer();
        writer.write(
                Manifest.SELF_TEST,
                ManifestJson.write(SelfTestBuilder.provisional(draft.dimensions())));
        writer.preview(draft.provisional());
    }

    private Served measureServed(Function<Pair, float[]> probabilities) {
        preview();
        BundleWriter writer = draft.writer();
        List<String> compared =
                Stream.concat(
                                Measurements.sample(sources.texts()).stream(),
                                SelfTestInputs.CAPTIONS.stream())
                        .toList();
        int threads = bulk.threads();
        try (Encoder exact = Measurements.open(writer.folder(), Draft.FP32);
                Encoder fast = Measurements.open(writer.folder(), Draft.INT8)) {
            progress.accept("measuring fp32");
            SortedMap<String, Double> fp32 = Measurements.figures(exact, sources.test(), threads);
            List<float[]> exactVectors = Measurements.embed(exact.text(), compared, bulk);
            progress.accept("measuring int8");
            SortedMap<String, Double> int8 = Measurements.figures(fast, sources.test(), threads);
            Cosine cosine =
                    Measurements.compare(
                            exactVectors, Measurements.embed(fast.text(), compared, bulk));
            SelfTest selfTest =
                    new SelfTestInputs(sources, probabilities).build(exact, cosine.min());
            return new Served(fp32, int8, cosine, selfTest);
        }
    }

    private List<Target> targets(SortedMap<String, Double> figures) {
        Path data = ingredients.testShard();
        String sha256 = entry(data).sha256();
        return figures.entrySet().stream()
                .filter(figure -> figure.getKey().contains("recall_at_"))
                .map(figure ->
                        new Target(
                                data.getFileName().toString(),
                                sha256,
                                null,
                                figure.getKey(),
                                figure.getValue(),
                                TOLERANCE))
                .toList();
    }

    private RunRecord runRecord(
            RunRecord.Recipe recipe, String seed, List<Truncation.Row> truncation, Served served) {
        SortedMap<String, FileEntry> files = new TreeMap<>();
        ingredients.all().forEach(file -> files.put(ingredients.nameOf(file), entry(file)));
        SortedMap<String, Double> metrics = new TreeMap<>();
        served.fp32().forEach((name, value) -> metrics.put(Draft.FP32 + "." + name, value));
        served.int8().forEach((name, value) -> metrics.put(Draft.INT8 + "." + name, value));
        return RunRecord.of(recipe, seed, files, sources, truncation, metrics);
    }

    /** The finished folder must open at both precisions, its own self-test included. */
    private void check(BundleWriter writer, Manifest manifest) {
        progress.accept("checking");
        writer.preview(manifest);
        for (String precision : List.of(Draft.FP32, Draft.INT8)) {
            Measurements.open(writer.folder(), precision).close();
        }
    }

    private static FileEntry entry(Path file) {
        try {
            return new FileEntry(Digest.ofFile(file), Files.size(file));
        } catch (IOException e) {
            throw new ExportException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
