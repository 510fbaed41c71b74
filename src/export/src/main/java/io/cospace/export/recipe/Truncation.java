package io.cospace.export.recipe;

import io.cospace.evaluate.metrics.RetrievalScores;
import java.util.ArrayList;
import java.util.List;

/**
 * How much retrieval suffers when vectors are cut to their first dimensions, and which sizes are
 * worth offering: those that lose at most {@value #POINTS} of R@10 and at most {@value #SHARE} of
 * it, in both directions and on every group.
 */
final class Truncation {
    /** Largest loss of R@10, as a fraction of all queries: two points. */
    static final double POINTS = 0.02;

    /** Largest loss of R@10 relative to the full size's. */
    static final double SHARE = 0.1;

    /** Sizes that are tried where they are smaller than the vector. */
    private static final List<Integer> SIZES =
            List.of(32, 48, 64, 96, 128, 192, 256, 320, 384, 448);

    private Truncation() {}

    /**
     * R@10 of one group at one size, 0 to 1.
     *
     * @param dimensions size of the vectors; the full size is a row as well
     */
    record Row(String group, int dimensions, double imageToText, double textToImage) {
        /**
         * Whether this row loses little enough against {@code full}, the same group's at full size.
         */
        boolean keeps(Row full) {
            return keeps(full.imageToText, imageToText) && keeps(full.textToImage, textToImage);
        }

        private static boolean keeps(double full, double cut) {
            // A hair of slack: a loss of exactly the limit passes whatever the rounding.
            return full - cut <= Math.min(POINTS, SHARE * full) + 1e-9;
        }
    }

    /** Measures every size on every group, smallest first, the full size last. */
    static List<Row> measure(List<LabelledVectors> groups) {
        List<Row> rows = new ArrayList<>();
        for (LabelledVectors group : groups) {
            int full = group.images().dimensions();
            SIZES.stream().filter(size -> size < full).forEach(size -> rows.add(row(group, size)));
            rows.add(row(group, full));
        }
        return rows;
    }

    /** The sizes below the full one that keep enough on every group, ascending. */
    static List<Integer> acceptable(List<Row> rows, int full) {
        return rows.stream()
                .map(Row::dimensions)
                .filter(size -> size < full)
                .distinct()
                .sorted()
                .filter(size ->
                        rows.stream()
                                .filter(row -> row.dimensions() == size)
                                .allMatch(row -> row.keeps(fullRow(rows, row.group(), full))))
                .toList();
    }

    private static Row fullRow(List<Row> rows, String group, int full) {
        return rows.stream()
                .filter(row -> row.group().equals(group) && row.dimensions() == full)
                .findFirst()
                .orElseThrow();
    }

    private static Row row(LabelledVectors group, int dimensions) {
        RetrievalScores scores = group.scores(dimensions);
        return new Row(
                group.name(),
                dimensions,
                scores.imageToText().ranks().recall(10),
                scores.textToImage().ranks().recall(10));
    }
}
