package io.cospace.export.recipe;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Chooses what the bundle tests itself with: captions in many languages and scripts, and the
 * training drawings of openclipart (public domain) that the classifier is surest of, each of
 * another class, with their captions.
 */
final class SelfTestInputs {
    private static final int PICTURES = 3;

    /** In thirteen languages and nine scripts. */
    static final List<String> CAPTIONS =
            List.of(
                    "a photo of a cat",
                    "ein rotes Auto",
                    "un vélo devant une maison",
                    "una manzana verde",
                    "um cachorro na praia",
                    "красный цветок",
                    "ένα πλοίο στη θάλασσα",
                    "güneşli bir gün",
                    "شجرة كبيرة",
                    "एक छोटा घर",
                    "一只鸟在树上",
                    "犬の写真",
                    "커피 한 잔");

    /** The least cosine at fp32 on any processor. */
    private static final double FP32_COSINE = 0.9999;

    /** How far below the least cosine on record another processor may fall. */
    private static final double SLACK = 0.01;

    private final Sources sources;
    private final Function<Pair, float[]> probabilities;

    /**
     * @param probabilities of the classes, in any positive measure, by training pair
     */
    SelfTestInputs(Sources sources, Function<Pair, float[]> probabilities) {
        this.sources = sources;
        this.probabilities = probabilities;
    }

    /**
     * The self-test with the vectors of {@code exact}.
     *
     * @param exact the bundle at fp32
     * @param int8Cosine least cosine of the int8 text graph on record
     */
    SelfTest build(Encoder exact, double int8Cosine) {
        List<Pair> pictures = pictures();
        ImageDecoder decoder =
                new ImageDecoder(ImageLimits.defaults(), Settings.preprocessing().background());
        List<byte[]> images =
                pictures.stream()
                        .map(pair -> SelfTestBuilder.thumbnail(decoder.decode(pair.image())))
                        .toList();
        List<String> texts =
                Stream.concat(pictures.stream().map(Corpus::caption), CAPTIONS.stream())
                        .distinct()
                        .toList();
        return SelfTestBuilder.build(
                texts,
                exact.text()
                        .embed(
                                texts.stream()
                                        .map(text -> exact.text().tokenize(text, Task.QUERY))
                                        .toList(),
                                Width.NARROW),
                images,
                exact.image()
                        .embed(images.stream().map(exact.image()::prepare).toList(), Width.NARROW),
                tolerances(int8Cosine));
    }

    private static SelfTest.Tolerances tolerances(double int8Cosine) {
        return new SelfTest.Tolerances(
                new TreeMap<>(Map.of(Draft.FP32, FP32_COSINE)),
                new TreeMap<>(Map.of(Draft.FP32, FP32_COSINE, Draft.INT8, int8Cosine - SLACK)));
    }

    /** Surest first; equals in the order of the data. */
    private List<Pair> pictures() {
        List<Pair> chosen = new ArrayList<>();
        Set<Integer> classes = new HashSet<>();
        sources.training().stream()
                .filter(pair -> LabelledVectors.groupOf(pair).equals(LabelledVectors.OPENCLIPART))
                .sorted(
                        Comparator.comparingDouble((Pair pair) -> {
                            float[] row = probabilities.apply(pair);
                            return -row[largest(row)];
                        }))
                .forEach(pair -> {
                    if (chosen.size() < PICTURES
                            && classes.add(largest(probabilities.apply(pair)))) {
                        chosen.add(pair);
                    }
                });
        return chosen;
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
