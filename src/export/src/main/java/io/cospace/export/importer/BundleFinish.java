package io.cospace.export.importer;

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
import io.cospace.export.BundleWriter;
import io.cospace.export.Created;
import io.cospace.export.graph.Precision;
import io.cospace.export.recipe.CalibrationFit;
import io.cospace.export.recipe.SelfTestBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The last part of an import: what the written graphs give on the samples becomes the manifest and
 * the self-test, and the bundle gets its name.
 */
final class BundleFinish {
    /** The least cosine at fp32 on any processor (bundle.md, opening checks). */
    private static final double FP32_COSINE = 0.9999;

    /** How far below the least cosine on record another processor may fall (bundle.md). */
    private static final double SLACK = 0.01;

    private static final int TEST_TEXTS = 8;
    private static final int TEST_IMAGES = 3;

    private final ImportPlan plan;
    private final BundleWriter bundle;
    private final Measurements measured;

    BundleFinish(ImportPlan plan, BundleWriter bundle, Measurements measured) {
        this.plan = plan;
        this.bundle = bundle;
        this.measured = measured;
    }

    /** Precisions whose mean cosine to the reference is below a limit, for people. */
    List<String> below(double limit) {
        List<String> found = new ArrayList<>();
        Map.of("text", measured.textAgreement(), "image", measured.imageAgreement())
                .forEach((tower, agreement) ->
                        agreement.forEach((precision, cosine) -> {
                            if (cosine.mean() < limit) {
                                found.add(
                                        "%s tower at %s: mean cosine %.4f to %s"
                                                .formatted(
                                                        tower,
                                                        precision.id(),
                                                        cosine.mean(),
                                                        measured.reference().id()));
                            }
                        }));
        return found;
    }

    /**
     * Writes self-test and manifest and publishes.
     *
     * @param thumbnailVectors the reference's vectors of {@link #thumbnails}
     */
    void publish(List<float[]> thumbnailVectors, String license) {
        int texts = Math.min(TEST_TEXTS, measured.texts().size());
        SelfTest test =
                SelfTestBuilder.build(
                        measured.texts().subList(0, texts).stream()
                                .map(TowerProbe.Sample::text)
                                .toList(),
                        measured.referenceTexts().subList(0, texts),
                        thumbnails(),
                        thumbnailVectors,
                        new SelfTest.Tolerances(
                                tolerances(measured.imageAgreement()),
                                tolerances(measured.textAgreement())));
        bundle.write(Manifest.SELF_TEST, ManifestJson.write(test));
        bundle.publish(manifest(license));
    }

    /** Small PNG copies of the first sample pictures: what the self-test carries. */
    List<byte[]> thumbnails() {
        return measured.images().stream()
                .limit(TEST_IMAGES)
                .map(SelfTestBuilder::thumbnail)
                .toList();
    }

    private static SortedMap<String, Double> tolerances(Map<Precision, Cosine> agreement) {
        SortedMap<String, Double> least = new TreeMap<>();
        agreement.forEach((precision, cosine) ->
                least.put(
                        precision.id(),
                        precision == Precision.FP32 ? FP32_COSINE : cosine.min() - SLACK));
        return least;
    }

    private Manifest manifest(String license) {
        return new Manifest(
                Manifest.FORMAT,
                bundle.name(),
                bundle.version(),
                Space.compute(bundle.name(), bundle.folder(), plan.format(), plan.preprocessing()),
                measured.referenceTexts().getFirst().length,
                List.of(),
                plan.score(),
                plan.logitScale(),
                plan.logitBias(),
                new Manifest.Image(plan.preprocessing()),
                plan.format(),
                new Manifest.Precisions(
                        tower("image", null, measured.imageAgreement()),
                        tower("text", TextInputs.PACKED, measured.textAgreement())),
                new Calibrations(
                        calibration(measured.referenceImages()),
                        calibration(measured.referenceTexts())),
                null,
                bundle.files(),
                license,
                Created.fromEnvironment());
    }

    private Tower tower(
            String part, @Nullable TextInputs inputs, Map<Precision, Cosine> agreement) {
        SortedMap<String, Graph> graphs = new TreeMap<>();
        agreement.forEach((precision, cosine) ->
                graphs.put(
                        precision.id(),
                        new Graph(
                                part + "." + precision.id() + ".onnx",
                                inputs,
                                precision == measured.reference() ? null : cosine,
                                null)));
        SortedMap<String, String> defaults = new TreeMap<>();
        defaults.put("cpu", first(agreement, Precision.INT8, Precision.FP32, Precision.INT8_FAST));
        defaults.put("cuda", first(agreement, Precision.FP16, Precision.FP32, Precision.INT8));
        return new Tower(defaults, graphs);
    }

    /** The first of some precisions that is there and close to the reference; else any. */
    private String first(Map<Precision, Cosine> agreement, Precision... wanted) {
        for (Precision precision : wanted) {
            Cosine cosine = agreement.get(precision);
            if (cosine != null && cosine.mean() >= Agreement.WARN_BELOW) {
                return precision.id();
            }
        }
        return measured.reference().id();
    }

    private static Calibration calibration(List<float[]> vectors) {
        CalibrationFit fit = CalibrationFit.of(vectors);
        return new Calibration(list(fit.low()), list(fit.high()), list(fit.median()));
    }

    private static List<Double> list(float[] values) {
        return IntStream.range(0, values.length).mapToObj(i -> (double) values[i]).toList();
    }
}
