package io.cospace.training.recipe;

import io.cospace.export.recipe.TeacherIngredients.Space;
import io.cospace.training.align.Batch;
import io.cospace.training.align.Side;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws rows of the first stage in proportion to their weights, by seed and step alone. */
final class RowSampler {
    private final float[][] texts;
    private final float[][] targets;
    private final double[] sums;
    private final long seed;

    RowSampler(List<TextRows.Row> rows, Map<String, float[]> raw, Space space, long seed) {
        this.seed = seed;
        texts = new float[rows.size()][];
        targets = new float[rows.size()][];
        sums = new double[rows.size()];
        Map<List<String>, float[]> means = new HashMap<>();
        double sum = 0;
        for (int i = 0; i < rows.size(); i++) {
            TextRows.Row row = rows.get(i);
            texts[i] = given(raw, row.text());
            float[] own =
                    row.places().isEmpty()
                            ? null
                            : means.computeIfAbsent(row.places(), p -> mean(p, raw, space));
            targets[i] = row.classes().length == 0 && own != null ? own : target(row, own, space);
            sum += row.weight();
            sums[i] = sum;
        }
    }

    private static float[] mean(List<String> places, Map<String, float[]> raw, Space space) {
        float[][] vectors =
                places.stream()
                        .filter(text -> !text.isBlank())
                        .map(text -> space.text().apply(given(raw, text)))
                        .toArray(float[][]::new);
        return unitSum(vectors);
    }

    /** The class's own target, or the mean of a place of its own and the mean of its classes. */
    private static float[] target(TextRows.Row row, float @Nullable [] own, Space space) {
        int dimensions = own == null ? dimensions(space, row) : own.length;
        float[][] classes =
                Arrays.stream(row.classes())
                        .mapToObj(c ->
                                Arrays.copyOfRange(
                                        space.targets(), c * dimensions, (c + 1) * dimensions))
                        .toArray(float[][]::new);
        float[] below = unitSum(classes);
        return own == null ? below : unitSum(own, below);
    }

    private static int dimensions(Space space, TextRows.Row row) {
        if (row.classes().length == 0) {
            throw new IllegalArgumentException("the text " + row.text() + " has no place");
        }
        return space.dimensions();
    }

    static float[] given(Map<String, float[]> raw, String text) {
        float[] vector = raw.get(text);
        if (vector == null) {
            throw new IllegalStateException("This is a bug: no vector of the text " + text);
        }
        return vector;
    }

    static float[] unitSum(float[]... vectors) {
        double[] sum = new double[vectors[0].length];
        for (float[] vector : vectors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        double length = Math.sqrt(Arrays.stream(sum).map(v -> v * v).sum());
        float[] unit = new float[sum.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (sum[i] / length);
        }
        return unit;
    }

    /** Adds drawn rows and their targets to a batch. */
    Batch fill(Batch batch, Side side, int count, long step) {
        SplittableRandom random = new SplittableRandom(seed ^ step * 0x9E3779B97F4A7C15L);
        int[] drawn =
                IntStream.range(0, count)
                        .map(i -> at(random.nextDouble() * sums[sums.length - 1]))
                        .toArray();
        return batch.input(side, rows(texts, drawn)).target(side, rows(targets, drawn));
    }

    private int at(double sum) {
        int found = Arrays.binarySearch(sums, sum);
        return Math.min(found < 0 ? -found - 1 : found, sums.length - 1);
    }

    static Batch.Floats rows(float[][] all, int... numbers) {
        int width = all[numbers[0]].length;
        float[] values = new float[numbers.length * width];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(all[numbers[i]], 0, values, i * width, width);
        }
        return new Batch.Floats(values, numbers.length, width);
    }
}
