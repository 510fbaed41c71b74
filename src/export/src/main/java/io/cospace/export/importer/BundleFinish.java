package io.cospace.export.importer;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Calibration;
import io.cospace.encoder.bundle.Manifest.Calibrations;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Manifest.Graph;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.bundle.Manifest.Tower;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.bundle.Space;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.error.EncoderException;
import io.cospace.encoder.image.RgbImage;
import io.cospace.encoder.onnx.Device;
import io.cospace.export.BundleWriter;
import io.cospace.export.Created;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.TowerProbe.Sample;
import io.cospace.export.recipe.CalibrationFit;
import io.cospace.export.recipe.SelfTestBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes manifest and self-test of what the graphs gave on the samples.
 *
 * @param form what holds besides files and measurements
 * @param bundle to be published
 * @param samples texts in the order of {@code texts}
 * @param pictures in the order of {@code images}
 */
record BundleFinish(
        BundleForm form,
        BundleWriter bundle,
        List<Sample> samples,
        List<RgbImage> pictures,
        TowerVectors texts,
        TowerVectors images) {
    /** The least cosine at fp32 on any processor (bundle.md, opening checks). */
    private static final double FP32_COSINE = 0.9999;

    /** How far below the least cosine on record another processor may fall (bundle.md). */
    private static final double SLACK = 0.01;

    private static final int TEST_TEXTS = 8;
    private static final int TEST_IMAGES = 3;

    /**
     * Writes self-test and manifest and publishes.
     *
     * @param thumbnailVectors the reference's vectors of {@link #thumbnails}
     */
    void publish(List<float[]> thumbnailVectors, String license) {
        int count = Math.min(TEST_TEXTS, samples.size());
        SelfTest test =
                SelfTestBuilder.build(
                        samples.subList(0, count).stream().map(Sample::text).toList(),
                        texts.isMeasured()
                                ? texts.referenceVectors().subList(0, count)
                                : Collections.nCopies(count, axis()),
                        thumbnails(),
                        thumbnailVectors,
                        new SelfTest.Tolerances(tolerances(images), tolerances(texts)));
        bundle.write(Manifest.SELF_TEST, ManifestJson.write(withoutRankings(test)));
        Manifest manifest = manifest(license);
        check(manifest);
        bundle.publish(manifest);
    }

    /**
     * What is published must open at every precision, in batches and alone, its self-test passed.
     */
    private void check(Manifest manifest) {
        bundle.preview(manifest);
        Set<Precision> openable = new TreeSet<>(texts.whole());
        openable.addAll(images.whole());
        int threads = Runtime.getRuntime().availableProcessors();
        for (Precision precision : openable) {
            if (!isWhole(images, manifest.precisions().image(), precision)
                    || !isWhole(texts, manifest.precisions().text(), precision)) {
                continue;
            }
            EncoderSettings settings =
                    new EncoderSettings(
                            new Device.Cpu(), precision.id(), threads, Verification.SIZE);
            try {
                Encoder.open(bundle.folder(), settings).close();
            } catch (EncoderException e) {
                throw new ImportException(
                        "the finished bundle does not open at %s: %s"
                                .formatted(precision.id(), e.getMessage()));
            }
        }
    }

    /** Whether the graph that a tower runs when a precision is asked for fits into memory. */
    private static boolean isWhole(TowerVectors tower, Tower graphs, Precision asked) {
        String id = graphs.graphs().containsKey(asked.id()) ? asked.id() : graphs.defaultFor("cpu");
        return tower.whole().stream().anyMatch(precision -> precision.id().equals(id));
    }

    /** Small PNG copies of the first pictures: what the self-test carries. */
    List<byte[]> thumbnails() {
        return pictures.stream().limit(TEST_IMAGES).map(SelfTestBuilder::thumbnail).toList();
    }

    /** Painted shapes fit no caption, so their ranking says nothing of a model. */
    private static SelfTest withoutRankings(SelfTest test) {
        return new SelfTest(
                test.texts(),
                test.images(),
                Collections.nCopies(test.images().size(), List.of()),
                test.minCosine());
    }

    private float[] axis() {
        float[] vector = new float[form.dimensions()];
        vector[0] = 1;
        return vector;
    }

    /** A graph that was never run has none: there is nothing that it could be compared with. */
    private static SortedMap<String, Double> tolerances(TowerVectors tower) {
        SortedMap<String, Double> least = new TreeMap<>();
        for (Precision precision : tower.written()) {
            tower.agreement(precision)
                    .ifPresent(cosine -> {
                        boolean exact = precision == Precision.FP32 && tower.isReference(precision);
                        least.put(precision.id(), exact ? FP32_COSINE : cosine.min() - SLACK);
                    });
        }
        return least;
    }

    private Manifest manifest(String license) {
        return new Manifest(
                Manifest.FORMAT,
                bundle.name(),
                bundle.version(),
                Space.compute(bundle.name(), bundle.folder(), form.format(), form.preprocessing()),
                form.dimensions(),
                List.of(),
                form.score(),
                form.logitScale(),
                form.logitBias(),
                new Manifest.Image(form.preprocessing()),
                form.format(),
                new Manifest.Precisions(
                        tower("image", null, images), tower("text", form.inputs(), texts)),
                new Calibrations(calibration(images), calibration(texts)),
                null,
                bundle.files(),
                license,
                Created.fromEnvironment());
    }

    private static Tower tower(String part, @Nullable TextInputs inputs, TowerVectors tower) {
        SortedMap<String, Graph> graphs = new TreeMap<>();
        for (Precision precision : tower.written()) {
            Cosine cosine = tower.agreement(precision).orElse(null);
            graphs.put(
                    precision.id(),
                    new Graph(
                            part + "." + precision.id() + ".onnx",
                            inputs,
                            tower.isReference(precision) ? null : cosine,
                            quality(tower, precision)));
        }
        SortedMap<String, String> defaults = new TreeMap<>();
        defaults.put(
                "cpu",
                first(tower, Precision.INT8, Precision.FP32, Precision.INT8_FAST, Precision.FP16));
        defaults.put(
                "cuda",
                first(tower, Precision.FP16, Precision.FP32, Precision.INT8, Precision.INT8_FAST));
        return new Tower(defaults, graphs);
    }

    /** Figures beside the cosine to fp32; null if there is none. */
    private static @Nullable SortedMap<String, Double> quality(
            TowerVectors tower, Precision precision) {
        SortedMap<String, Double> figures = new TreeMap<>();
        boolean alone = tower.isReference(precision) && precision != Precision.FP32;
        if (alone || tower.agreement(precision).isEmpty()) {
            figures.put(Graph.UNMEASURED, 1.0);
        }
        tower.originalAgreement(precision)
                .ifPresent(cosine -> put(figures, "cosine_to_original_weights", cosine));
        tower.batchAgreement(precision)
                .ifPresent(cosine -> put(figures, "cosine_alone_to_in_batch", cosine));
        return figures.isEmpty() ? null : figures;
    }

    private static void put(SortedMap<String, Double> figures, String name, Cosine cosine) {
        figures.put(name + ".min", cosine.min());
        figures.put(name + ".mean", cosine.mean());
    }

    /** The first of some precisions that was measured and is close; else the first there is. */
    private static String first(TowerVectors tower, Precision... wanted) {
        for (Precision precision : wanted) {
            if (tower.agreement(precision)
                    .filter(cosine -> cosine.mean() >= Agreement.WARN_BELOW)
                    .isPresent()) {
                return precision.id();
            }
        }
        for (Precision precision : wanted) {
            if (tower.written().contains(precision)) {
                return precision.id();
            }
        }
        throw new IllegalStateException("This is a bug: a tower without a graph");
    }

    private static @Nullable Calibration calibration(TowerVectors tower) {
        if (!tower.isMeasured()) {
            return null;
        }
        CalibrationFit fit = CalibrationFit.of(tower.referenceVectors());
        return new Calibration(list(fit.low()), list(fit.high()), list(fit.median()));
    }

    private static List<Double> list(float[] values) {
        return IntStream.range(0, values.length).mapToObj(i -> (double) values[i]).toList();
    }
}
