package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.export.graph.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * What a measurement says of a precision, for people.
 *
 * @param line of text
 * @param mean cosine that decides; 1 where none was measured
 */
record Verdict(String line, double mean) {

    /** All verdicts on a tower. */
    static List<Verdict> of(String tower, TowerVectors vectors) {
        List<Verdict> all = new ArrayList<>();
        for (Precision precision : vectors.written()) {
            String name = "%s tower at %s: ".formatted(tower, precision.id());
            if (vectors.isReference(precision)) {
                boolean exact = precision == Precision.FP32;
                all.add(
                        new Verdict(
                                name
                                        + (exact
                                                ? "the reference"
                                                : "unmeasured, fp32 does not fit into memory"),
                                1));
            } else {
                all.add(
                        vectors.agreement(precision)
                                .map(cosine -> judged(name, reference(vectors), cosine))
                                .orElseGet(() -> unmeasured(name)));
            }
            vectors.originalAgreement(precision)
                    .ifPresent(cosine -> all.add(judged(name, "the original weights", cosine)));
            vectors.batchAgreement(precision)
                    .ifPresent(cosine ->
                            all.add(
                                    new Verdict(
                                            name
                                                    + "costs that an item's vector depends on its batch: "
                                                    + text("the same alone", cosine),
                                            1)));
        }
        return all;
    }

    boolean isRefused() {
        return mean < Agreement.REFUSE_BELOW;
    }

    private static String reference(TowerVectors vectors) {
        return vectors.reference().map(Precision::id).orElse("fp32");
    }

    private static Verdict unmeasured(String name) {
        return new Verdict(name + "unmeasured, it does not fit into memory", 1);
    }

    private static Verdict judged(String name, String other, Cosine cosine) {
        String warning = cosine.mean() < Agreement.WARN_BELOW ? "warning: " : "";
        return new Verdict(warning + name + text(other, cosine), cosine.mean());
    }

    private static String text(String other, Cosine cosine) {
        return "cosine to %s mean %.6f, least %.6f".formatted(other, cosine.mean(), cosine.min());
    }
}
