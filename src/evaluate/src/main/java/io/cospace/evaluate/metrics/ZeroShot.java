package io.cospace.evaluate.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Zero-shot classification: an image belongs to the class whose text vector scores highest; of
 * equal scores the class with the lowest index stands first.
 */
public final class ZeroShot {
    private static final int ROWS = 128;

    private final int classes;
    private final int[] labels;
    private final int[] predictions;
    private final int[] ranks; // of the label

    private ZeroShot(int classes, int[] labels, int[] predictions, int[] ranks) {
        this.classes = classes;
        this.labels = labels;
        this.predictions = predictions;
        this.ranks = ranks;
    }

    /**
     * One vector a class from the texts of several templates ("a photo of a ...", "a drawing of a
     * ..."): each normalised, averaged, normalised again (Radford et al. 2021, section 3.1.4).
     *
     * @param texts by class, then template: vectors of any length but zero
     */
    public static VectorSet classVectors(List<List<float[]>> texts) {
        List<float[]> classes = new ArrayList<>();
        for (List<float[]> templates : texts) {
            if (templates.isEmpty()) {
                throw new IllegalArgumentException("class " + classes.size() + " has no text");
            }
            double[] sum = new double[templates.getFirst().length];
            for (float[] text : templates) {
                double scale =
                        1 / length(IntStream.range(0, text.length).mapToDouble(k -> text[k]));
                for (int k = 0; k < sum.length; k++) {
                    sum[k] += text[k] * scale;
                }
            }
            double scale = 1 / length(Arrays.stream(sum));
            float[] unit = new float[sum.length];
            for (int k = 0; k < unit.length; k++) {
                unit[k] = (float) (sum[k] * scale);
            }
            classes.add(unit);
        }
        return VectorSet.of(classes);
    }

    private static double length(DoubleStream values) {
        return Math.sqrt(values.map(v -> v * v).sum());
    }

    /**
     * Classifies images.
     *
     * @param images unit vectors [n, D]
     * @param classes one vector a class [c, D]
     * @param labels by image, the index of its true class
     */
    public static ZeroShot classify(VectorSet images, VectorSet classes, int[] labels) {
        if (labels.length != images.size()) {
            throw new IllegalArgumentException(
                    labels.length + " labels for " + images.size() + " images");
        }
        for (int label : labels) {
            if (label < 0 || label >= classes.size()) {
                throw new IllegalArgumentException(
                        "a label is " + label + "; there are " + classes.size() + " classes");
            }
        }
        int n = images.size();
        int[] predictions = new int[n];
        int[] ranks = new int[n];
        float[] best = new float[n];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        Arrays.fill(ranks, 1);
        IntStream.range(0, (n + ROWS - 1) / ROWS)
                .parallel()
                .forEach(task ->
                        ScoreTiles.visit(
                                images,
                                task * ROWS,
                                Math.min(n, (task + 1) * ROWS),
                                classes,
                                (image, first, scores, count) -> {
                                    int label = labels[image];
                                    float own = images.dot(image, classes, label);
                                    for (int j = 0; j < count; j++) {
                                        float score = scores[j];
                                        if (score > best[image]) {
                                            best[image] = score;
                                            predictions[image] = first + j;
                                        }
                                        boolean tie = score == own && first + j < label;
                                        ranks[image] += score > own || tie ? 1 : 0;
                                    }
                                }));
        return new ZeroShot(classes.size(), labels.clone(), predictions, ranks);
    }

    /** By image, the class that scores highest. */
    public int[] predictions() {
        return predictions.clone();
    }

    /** By image, the rank of its true class from 1. */
    public Ranks ranks() {
        return new Ranks(ranks.clone());
    }

    /** The share of images whose true class is among the first {@code k}. */
    public double top(int k) {
        return ranks().recall(k);
    }

    /** {@link #top} with an interval. */
    public Interval topInterval(int k, Bootstrap bootstrap) {
        return bootstrap.interval(ranks().hits(k));
    }

    /**
     * {@link #meanPerClass} with an interval: images are drawn again, each weighted by how few its
     * class has.
     */
    public Interval meanPerClassInterval(Bootstrap bootstrap) {
        double[] counts = new double[classes];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        double present = Arrays.stream(counts).filter(count -> count > 0).count();
        double[] shares = new double[labels.length];
        for (int i = 0; i < shares.length; i++) {
            double weight = labels.length / (present * counts[labels[i]]);
            shares[i] = predictions[i] == labels[i] ? weight : 0;
        }
        return bootstrap.interval(shares);
    }

    /** By class the share of its images that are classified right; NaN for a class without any. */
    public double[] perClass() {
        double[] right = new double[classes];
        double[] all = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            all[labels[i]]++;
            right[labels[i]] += predictions[i] == labels[i] ? 1 : 0;
        }
        for (int c = 0; c < classes; c++) {
            right[c] /= all[c];
        }
        return right;
    }

    /** The mean of {@link #perClass} over the classes that have images. */
    public double meanPerClass() {
        return Arrays.stream(perClass())
                .filter(share -> !Double.isNaN(share))
                .average()
                .orElse(Double.NaN);
    }
}
