package io.cospace.encoder.image;

import io.cospace.encoder.image.Preprocessing.Interpolation;
import java.util.Arrays;

/**
 * Antialiased resize of 8-bit RGB, equal to Pillow's (Resample.c) to the bit: horizontally first,
 * rounded to bytes, then vertically; a pass that would not change the size is left out. Only the
 * window that a plan shows is computed. Thread-safe.
 */
final class Resampler {
    private static final int HALF = 1 << (ResampleTable.PRECISION_BITS - 1);

    private final ResampleTables tables;

    Resampler(Interpolation interpolation) {
        this.tables = new ResampleTables(interpolation);
    }

    /** Takes finished rows of a resize, from the top. */
    interface RowSink {
        /**
         * Takes the next row.
         *
         * @param y row of the plan's window
         * @param rgb 3 x columns values 0..255 from index 0, valid during the call
         */
        void row(int y, int[] rgb);
    }

    /** Resizes the image and hands the window of the plan to {@code sink}, row by row. */
    void resize(RgbImage image, ResizePlan plan, ResampleScratch scratch, RowSink sink) {
        HorizontalPass horizontal = new HorizontalPass(image, plan, scratch, columns(image, plan));
        if (image.height() == plan.height()) {
            unchangedRows(plan, horizontal, scratch, sink);
            return;
        }
        ResampleTable table = tables.get(image.height(), plan.height(), plan.top(), plan.rows());
        int values = plan.columns() * 3;
        horizontal.keep(table.maxTaps());
        int[] sums = scratch.sums(values);
        for (int y = 0; y < table.size(); y++) {
            int start = table.start(y);
            int count = table.count(y);
            horizontal.advance(start, start + count);
            weighedSum(horizontal, table, y, sums, values);
            sink.row(y, sums);
        }
    }

    private ResampleTable columns(RgbImage image, ResizePlan plan) {
        return tables.get(image.width(), plan.width(), plan.left(), plan.columns());
    }

    private static void unchangedRows(
            ResizePlan plan, HorizontalPass horizontal, ResampleScratch scratch, RowSink sink) {
        int values = plan.columns() * 3;
        int[] row = scratch.sums(values);
        horizontal.keep(1);
        for (int y = 0; y < plan.rows(); y++) {
            horizontal.advance(plan.top() + y, plan.top() + y + 1);
            int from = horizontal.offset(plan.top() + y);
            byte[] bytes = horizontal.rows();
            for (int i = 0; i < values; i++) {
                row[i] = bytes[from + i] & 0xff;
            }
            sink.row(y, row);
        }
    }

    private static void weighedSum(
            HorizontalPass horizontal, ResampleTable table, int y, int[] sums, int values) {
        Arrays.fill(sums, 0, values, HALF);
        int weight = y * table.maxTaps();
        for (int k = 0; k < table.count(y); k++) {
            accumulate(
                    sums,
                    values,
                    horizontal.rows(),
                    horizontal.offset(table.start(y) + k),
                    table.weights()[weight + k]);
        }
        for (int i = 0; i < values; i++) {
            sums[i] = Math.min(Math.max(sums[i] >> ResampleTable.PRECISION_BITS, 0), 255);
        }
    }

    /**
     * The loop that the compiler turns into vector instructions: kept alone and simple for that.
     */
    private static void accumulate(int[] sums, int values, byte[] rows, int from, int weight) {
        for (int i = 0; i < values; i++) {
            sums[i] += (rows[from + i] & 0xff) * weight;
        }
    }
}
