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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the default model: two frozen networks and, in closed form, the space they share. No random
 * number is drawn and no sum depends on the number of threads, so the same ingredients give the
 * same bytes on the same kind of processor.
 */
public final class DefaultModel {
    /** How far a figure may fall on another processor: two or three queries of the test pairs. */
    private static final double TOLERANCE = 0.005;

    private final Request request;
    private final Consumer<String> progress;
    private final Bulk bulk = new Bulk(Runtime.getRuntime().availableProcessors());

    /**
     * What to make.
     *
     * @param ingredients folder of the ingredients
     * @param out folder of the bundle, {@code models/NAME/VERSION}; must not exist
     * @param cache folder to keep vectors in between runs, or null
     * @param created time for the manifest, ISO 8601
     */
    public record Request(Path ingredients, Path out, @Nullable Path cache, String created) {}

    /** Makes what {@code request} says and tells {@code progress} in short lines. */
    public DefaultModel(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Makes the bundle; minutes on two cores.
     *
     * @return its folder
     * @throws ExportException when an ingredient is missing or does not fit, or the bundle cannot
     *     be written
     */
    public Path make() {
        Ingredients ingredients = Ingredients.in(request.ingredients());
        try (BundleWriter writer = BundleWriter.create(request.out())) {
            progress.accept("reading " + request.ingredients());
            Sources sources = Sources.read(ingredients);
            writer.copy(ingredients.textWeights(), Graphs.TEXT_WEIGHTS);
            writer.copy(ingredients.imageWeights(), Graphs.IMAGE_WEIGHTS);
            writer.copy(ingredients.tokenizer(), Manifest.TOKENIZER);
            writer.write("LICENSES", Licenses.of(ingredients));
            try (Graphs graphs = Graphs.in(writer.folder(), ingredients.textConfig())) {
                return make(ingredients, sources, writer, graphs);
            }
        }
    }

    private Path make(
            Ingredients ingredients, Sources sources, BundleWriter writer, Graphs graphs) {
        if (sources.classes().size() != graphs.classes()) {
            throw new ExportException(
                    "%s names %d classes; the classifier knows %d"
                            .formatted(
                                    ingredients.classTable(),
                                    sources.classes().size(),
                                    graphs.classes()));
        }
        Draft draft =
                new Draft(
                        writer,
                        graphs.features(),
                        Settings.preprocessing(),
                        Settings.textFormat(graphs.maxTokens()),
                        request.created());
        RawVectors raw = rawVectors(sources, writer, graphs);
        progress.accept("fitting the space");
        Teacher teacher = fit(sources, raw, draft.dimensions());
        graphs.write(teacher);

        List<Truncation.Row> truncation =
                Truncation.measure(Measurements.groups(sources, teacher, raw));
        Served served = measureServed(draft, sources, raw);
        Draft.Findings findings =
                new Draft.Findings(
                        Truncation.acceptable(truncation, draft.dimensions()),
                        Measurements.logitScale(sources, teacher, raw),
                        Measurements.calibrations(sources, teacher, raw),
                        served.int8Cosine(),
                        Map.of(Draft.FP32, served.fp32(), Draft.INT8, served.int8()),
                        targets(ingredients, served.int8()));
        writer.write(Manifest.SELF_TEST, ManifestJson.write(served.selfTest()));
        writer.write(
                "run.json",
                ManifestJson.write(runRecord(ingredients, sources, truncation, served)));
        Manifest manifest = draft.manifest(findings);
        check(writer, manifest);
        return writer.publish(manifest);
    }

    private RawVectors rawVectors(Sources sources, BundleWriter writer, Graphs graphs) {
        graphs.writeRaw();
        VectorCache cache = new VectorCache(Optional.ofNullable(request.cache()));
        FrozenTowers towers = new FrozenTowers(writer.folder(), cache, bulk, progress);
        return RawVectors.of(sources, towers, graphs);
    }

    /** Whitening, class targets, and the rotation over training pictures and captions. */
    static Teacher fit(Sources sources, RawVectors raw, int dimensions) {
        Whitening whitening =
                Whitening.fit(
                        sources.corpus().stream().map(raw::text).toList(),
                        new Whitening.Settings(Settings.EXPONENT, Settings.FLOOR, dimensions));
        Teacher teacher = Teacher.of(whitening, sources.classes(), raw::text);
        List<Pair> training = sources.training();
        return teacher.rotated(
                PrincipalAxes.of(
                        training.stream().map(pair -> teacher.image(raw.image(pair))).toList(),
                        training.stream()
                                .map(pair -> teacher.text(raw.text(Corpus.caption(pair))))
                                .toList()));
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
     * Opens the folder with a manifest and a self-test that expect nothing, since what they should
     * expect is the question.
     */
    private Served measureServed(Draft draft, Sources sources, RawVectors raw) {
        BundleWriter writer = draft.writer();
        writer.write(
                Manifest.SELF_TEST,
                ManifestJson.write(SelfTestBuilder.provisional(draft.dimensions())));
        writer.preview(draft.provisional());
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
            SelfTest selfTest = new SelfTestInputs(sources, raw).build(exact, cosine.min());
            return new Served(fp32, int8, cosine, selfTest);
        }
    }

    private static List<Target> targets(
            Ingredients ingredients, SortedMap<String, Double> figures) {
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

    private static RunRecord runRecord(
            Ingredients ingredients,
            Sources sources,
            List<Truncation.Row> truncation,
            Served served) {
        SortedMap<String, FileEntry> files = new TreeMap<>();
        ingredients.all().forEach(file -> files.put(ingredients.nameOf(file), entry(file)));
        SortedMap<String, Double> metrics = new TreeMap<>();
        served.fp32().forEach((name, value) -> metrics.put(Draft.FP32 + "." + name, value));
        served.int8().forEach((name, value) -> metrics.put(Draft.INT8 + "." + name, value));
        return RunRecord.of(files, sources, truncation, metrics);
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
