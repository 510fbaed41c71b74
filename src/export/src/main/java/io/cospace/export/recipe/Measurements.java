package io.cospace.export.recipe;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.bundle.Manifest.Calibration;
import io.cospace.encoder.bundle.Manifest.Calibrations;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.EncodedPairs;
import io.cospace.evaluate.Figures;
import io.cospace.evaluate.Grouping;
import io.cospace.evaluate.PairEncoder;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.ExportException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures a space: on closed-form vectors where only the space matters, on the opened bundle where
 * its graphs do.
 */
final class Measurements {
    /** Texts that a precision is compared on. */
    static final int COMPARED = 1000;

    private Measurements() {}

    /**
     * Groups to choose the sizes of vectors by. The training pairs are among them: nothing was
     * fitted to which picture belongs to which text, and there are enough of them to see a loss of
     * a point.
     */
    static List<LabelledVectors> groups(Sources sources, Placed placed) {
        List<LabelledVectors> groups = new ArrayList<>();
        groups.add(group("train", sources.training(), placed));
        groups.add(group("val", sources.validation(), placed));
        for (String name : List.of(LabelledVectors.OPENCLIPART, LabelledVectors.EMOJI)) {
            List<Pair> pairs =
                    sources.test().stream()
                            .filter(pair -> LabelledVectors.groupOf(pair).equals(name))
                            .toList();
            if (!pairs.isEmpty()) {
                groups.add(group("test." + name, pairs, placed));
            }
        }
        return groups;
    }

    private static LabelledVectors group(String name, List<Pair> pairs, Placed placed) {
        return LabelledVectors.of(
                name,
                pairs,
                pair -> Rows.toFloats(placed.image().apply(pair)),
                caption -> Rows.toFloats(placed.text().apply(caption)));
    }

    /** The score scale, fitted on the validation pairs. */
    static double logitScale(Sources sources, Placed placed) {
        List<Pair> pairs = sources.validation();
        List<String> captions = pairs.stream().map(Corpus::caption).toList();
        return LogitScale.fit(
                pairs.stream().map(placed.image()).toList(),
                captions.stream().map(placed.text()).toList(),
                captions);
    }

    /** Ranges and medians over the training pictures and the corpus. */
    static Calibrations calibrations(Sources sources, Placed placed) {
        List<float[]> images =
                sources.training().stream()
                        .map(pair -> Rows.toFloats(placed.image().apply(pair)))
                        .toList();
        List<float[]> texts =
                sources.corpus().stream()
                        .map(text -> Rows.toFloats(placed.text().apply(text)))
                        .toList();
        return new Calibrations(
                calibration(CalibrationFit.of(images)), calibration(CalibrationFit.of(texts)));
    }

    private static Calibration calibration(CalibrationFit fit) {
        return new Calibration(doubles(fit.low()), doubles(fit.high()), doubles(fit.median()));
    }

    /** The shortest decimals that give the same floats back. */
    private static List<Double> doubles(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> Double.valueOf(Float.toString(values[i])))
                .toList();
    }

    /** Opens the staged bundle at a precision, without reading all of it again. */
    static Encoder open(Path folder, String precision) {
        return Encoder.open(
                folder, new EncoderSettings(new Device.Cpu(), precision, 1, Verification.SIZE));
    }

    /**
     * Retrieval on the test pairs as {@code cospace evaluate} measures it, by its names of the
     * figures.
     */
    static SortedMap<String, Double> figures(Encoder encoder, List<Pair> test, int threads) {
        SkippedSamples skipped = new SkippedSamples();
        EncodedPairs pairs =
                new PairEncoder(
                                encoder.text(),
                                encoder.image(),
                                Task.DOCUMENT,
                                Grouping.BY_SOURCE,
                                threads)
                        .encode(test.iterator(), skipped, done -> {});
        if (skipped.count() > 0) {
            throw new ExportException(
                    "the test pairs cannot all be embedded: " + skipped.listed().getFirst());
        }
        SortedMap<String, Double> figures = new TreeMap<>();
        for (Figures group : pairs.figures(encoder.bundle().manifest().dimensions())) {
            figures.putAll(group.metrics());
        }
        return figures;
    }

    /** {@link #COMPARED} texts, or as many as there are, spread evenly over all. */
    static List<String> sample(List<String> texts) {
        int count = Math.min(COMPARED, texts.size());
        return IntStream.range(0, count)
                .mapToObj(i -> texts.get((int) ((long) i * texts.size() / count)))
                .toList();
    }

    /** Unit vectors of texts, in their order. */
    static List<float[]> embed(TextEncoder encoder, List<String> texts, Bulk bulk) {
        return bulk.texts(
                texts.stream()
                        .map(text ->
                                encoder.truncate(encoder.tokenize(text, Task.QUERY), Side.START))
                        .toList(),
                batch -> encoder.embed(batch, Width.NARROW),
                done -> {});
    }

    /** Least and mean cosine, row by row, rounded down to six digits. */
    static Cosine compare(List<float[]> exact, List<float[]> other) {
        DoubleSummaryStatistics cosines =
                IntStream.range(0, exact.size())
                        .mapToDouble(i -> Vectors.dot(exact.get(i), other.get(i)))
                        .summaryStatistics();
        return new Cosine(rounded(cosines.getMin()), rounded(cosines.getAverage()));
    }

    private static double rounded(double value) {
        return Math.floor(value * 1e6) / 1e6;
    }
}
