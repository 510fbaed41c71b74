package io.cospace.export.recipe;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Vectors from a closed formula, so that any other program can make the same ones and check the
 * expected values.
 */
final class Samples {
    private Samples() {}

    /**
     * Twelve rows of four: {@code sin(1 + 3.7 i (j + 1) + j^2)}, plus 2 in column 0, rounded to
     * single precision.
     */
    static List<float[]> cone() {
        return IntStream.range(0, 12).mapToObj(Samples::row).toList();
    }

    static List<double[]> unitCone() {
        return cone().stream().map(row -> Rows.unit(Rows.ofFloats(row))).toList();
    }

    private static float[] row(int i) {
        float[] row = new float[4];
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) (Math.sin(1 + 3.7 * i * (j + 1) + j * j) + (j == 0 ? 2 : 0));
        }
        return row;
    }
}
