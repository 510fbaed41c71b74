package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.image.RgbImage;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.TowerProbe.Sample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the graphs of an import give on the samples.
 *
 * @param texts the sample texts that were used
 * @param images the sample pictures
 * @param textVectors unit vectors of each precision, in the order of {@code texts}
 * @param imageVectors likewise
 */
record Measurements(
        List<Sample> texts,
        List<RgbImage> images,
        Map<Precision, List<float[]>> textVectors,
        Map<Precision, List<float[]>> imageVectors) {

    /** Runs all graphs; two precisions are never in memory at once. */
    static Measurements take(
            TowerProbe probe,
            ImportPlan plan,
            Set<Precision> precisions,
            List<Sample> texts,
            List<RgbImage> images) {
        List<TokenizedText> tokens = texts.stream().map(Sample::tokens).toList();
        Map<Precision, List<float[]>> textVectors = new EnumMap<>(Precision.class);
        Map<Precision, List<float[]>> imageVectors = new EnumMap<>(Precision.class);
        for (Precision precision : precisions) {
            String text = "text." + precision.id() + ".onnx";
            textVectors.put(precision, probe.texts(text, TextInputs.PACKED, tokens));
            String image = "image." + precision.id() + ".onnx";
            imageVectors.put(precision, probe.images(image, plan.preprocessing(), images));
        }
        return new Measurements(texts, images, textVectors, imageVectors);
    }

    /** The precision that others are measured against: fp32 if it was written. */
    Precision reference() {
        return textVectors.containsKey(Precision.FP32)
                ? Precision.FP32
                : textVectors.keySet().iterator().next();
    }

    /** The reference's vectors of the sample texts. */
    List<float[]> referenceTexts() {
        return Objects.requireNonNull(textVectors.get(reference()));
    }

    /** The reference's vectors of the sample pictures. */
    List<float[]> referenceImages() {
        return Objects.requireNonNull(imageVectors.get(reference()));
    }

    /** Agreement of each precision's texts with the reference. */
    Map<Precision, Cosine> textAgreement() {
        return agreement(textVectors, referenceTexts());
    }

    /** Agreement of each precision's pictures with the reference. */
    Map<Precision, Cosine> imageAgreement() {
        return agreement(imageVectors, referenceImages());
    }

    private static Map<Precision, Cosine> agreement(
            Map<Precision, List<float[]>> vectors, List<float[]> reference) {
        Map<Precision, Cosine> agreement = new EnumMap<>(Precision.class);
        vectors.forEach(
                (precision, found) -> agreement.put(precision, Agreement.of(found, reference)));
        return agreement;
    }
}
