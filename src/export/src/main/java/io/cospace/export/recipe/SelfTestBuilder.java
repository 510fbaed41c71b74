package io.cospace.export.recipe;

import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.image.RgbImage;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.text.Task;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Makes the inputs and expectations that a bundle checks itself with whenever it is opened. */
public final class SelfTestBuilder {
    /**
     * Two texts whose scores for a picture are closer than this may change places in another
     * precision, and are not both part of its ranking.
     */
    static final double MARGIN = 0.05;

    /**
     * Longer side of a picture in the self-test, in pixels at most: enough to see, small to carry.
     */
    static final int SIDE = 64;

    /** Below the least that rounding can make of a cosine. */
    private static final double ANY_COSINE = -1.1;

    private SelfTestBuilder() {}

    /**
     * Puts the expectations together.
     *
     * @param texts what is embedded, as queries
     * @param textVectors unit vectors [D] by the fp32 graph
     * @param images image files
     * @param imageVectors unit vectors [D] by the fp32 graph
     * @param minCosine least cosine by tower and precision
     */
    public static SelfTest build(
            List<String> texts,
            List<float[]> textVectors,
            List<byte[]> images,
            List<float[]> imageVectors,
            SelfTest.Tolerances minCosine) {
        List<SelfTest.TextCase> textCases =
                IntStream.range(0, texts.size())
                        .mapToObj(i ->
                                new SelfTest.TextCase(
                                        texts.get(i),
                                        Task.QUERY,
                                        OutputTypes.base64(textVectors.get(i))))
                        .toList();
        List<SelfTest.ImageCase> imageCases =
                IntStream.range(0, images.size())
                        .mapToObj(i ->
                                new SelfTest.ImageCase(
                                        Base64.getEncoder().encodeToString(images.get(i)),
                                        OutputTypes.base64(imageVectors.get(i))))
                        .toList();
        List<List<Integer>> rankings =
                imageVectors.stream().map(image -> ranking(image, textVectors)).toList();
        return new SelfTest(textCases, imageCases, rankings, minCosine);
    }

    /**
     * One that every bundle of so many dimensions passes: to open a bundle that is not measured
     * yet.
     */
    static SelfTest provisional(int dimensions) {
        float[] any = new float[dimensions];
        any[0] = 1;
        return build(
                List.of("a"),
                List.of(any),
                List.of(PlainPng.encode(1, 1, new byte[3])),
                List.of(any),
                new SelfTest.Tolerances(
                        new TreeMap<>(Map.of(Draft.FP32, ANY_COSINE)),
                        new TreeMap<>(Map.of(Draft.FP32, ANY_COSINE, Draft.INT8, ANY_COSINE))));
    }

    /**
     * Indices of {@code texts} from the best fit down, each at least {@link #MARGIN} below the one
     * before.
     */
    static List<Integer> ranking(float[] image, List<float[]> texts) {
        double[] scores = texts.stream().mapToDouble(text -> Vectors.dot(image, text)).toArray();
        List<Integer> kept = new ArrayList<>();
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .forEach(i -> {
                    if (kept.isEmpty() || scores[kept.getLast()] - scores[i] >= MARGIN) {
                        kept.add(i);
                    }
                });
        return kept;
    }

    /**
     * A PNG of {@code image}, shrunk by whole steps (the mean of each square of pixels) to fit
     * {@link #SIDE}.
     */
    public static byte[] thumbnail(RgbImage image) {
        int step = Math.ceilDiv(Math.max(image.width(), image.height()), SIDE);
        int width = Math.max(1, image.width() / step);
        int height = Math.max(1, image.height() / step);
        byte[] small = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    small[3 * (y * width + x) + channel] =
                            mean(image, x * step, y * step, step, channel);
                }
            }
        }
        return PlainPng.encode(width, height, small);
    }

    private static byte mean(RgbImage image, int left, int top, int step, int channel) {
        int right = Math.min(left + step, image.width());
        int bottom = Math.min(top + step, image.height());
        int sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                sum += image.rgb()[3 * (y * image.width() + x) + channel] & 0xff;
            }
        }
        int count = (right - left) * (bottom - top);
        return (byte) ((sum + count / 2) / count);
    }
}
