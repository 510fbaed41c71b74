package io.cospace.export.recipe;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Calibrations;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Manifest.FileEntry;
import io.cospace.encoder.bundle.Manifest.Graph;
import io.cospace.encoder.bundle.Manifest.Target;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.bundle.Manifest.Tower;
import io.cospace.encoder.bundle.Space;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import io.cospace.export.BundleWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The manifest in the making: what holds for every bundle of this recipe, and what is measured on
 * it.
 *
 * @param writer collects the files
 * @param dimensions of the space
 * @param created when, as the manifest says it
 */
record Draft(
        BundleWriter writer,
        int dimensions,
        Preprocessing preprocessing,
        TextFormat text,
        String created) {

    static final String FP32 = "fp32";
    static final String INT8 = "int8";

    /**
     * What measuring gave.
     *
     * @param truncatableTo sizes worth offering
     * @param logitScale fitted
     * @param calibration of both towers
     * @param int8Cosine of the text tower's int8 graph to its fp32 graph
     * @param quality of each precision of the text tower on the test pairs
     * @param targets to be reached by whoever checks the bundle
     */
    record Findings(
            List<Integer> truncatableTo,
            double logitScale,
            Calibrations calibration,
            Cosine int8Cosine,
            Map<String, SortedMap<String, Double>> quality,
            List<Target> targets) {}

    /** A manifest that the folder can be opened with to measure it: nothing in it is a result. */
    Manifest provisional() {
        return manifest("", 1, List.of(), null, null);
    }

    Manifest manifest(Findings findings) {
        String space = Space.compute(writer.name(), writer.folder(), text, preprocessing);
        return manifest(
                space,
                findings.logitScale(),
                findings.truncatableTo(),
                findings.calibration(),
                findings);
    }

    private Manifest manifest(
            String space,
            double logitScale,
            List<Integer> truncatableTo,
            @Nullable Calibrations calibration,
            @Nullable Findings findings) {
        SortedMap<String, FileEntry> files = writer.files();
        return new Manifest(
                Manifest.FORMAT,
                writer.name(),
                writer.version(),
                space,
                dimensions,
                truncatableTo,
                Manifest.Score.SOFTMAX,
                logitScale,
                0,
                new Manifest.Image(preprocessing),
                text,
                new Manifest.Precisions(imageTower(), textTower(findings)),
                calibration,
                findings == null ? null : findings.targets(),
                files,
                Licenses.EXPRESSION,
                created);
    }

    private static Tower imageTower() {
        return new Tower(
                new TreeMap<>(Map.of("cpu", FP32)),
                new TreeMap<>(Map.of(FP32, new Graph("image.fp32.onnx", null, null, null))));
    }

    private static Tower textTower(@Nullable Findings findings) {
        SortedMap<String, Graph> graphs = new TreeMap<>();
        for (String precision : List.of(FP32, INT8)) {
            Cosine cosine =
                    findings == null || precision.equals(FP32) ? null : findings.int8Cosine();
            SortedMap<String, Double> quality =
                    findings == null ? null : findings.quality().get(precision);
            graphs.put(
                    precision,
                    new Graph("text." + precision + ".onnx", TextInputs.PACKED, cosine, quality));
        }
        return new Tower(new TreeMap<>(Map.of("cpu", INT8, "cuda", FP32)), graphs);
    }
}
