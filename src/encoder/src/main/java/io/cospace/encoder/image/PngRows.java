package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;

/**
 * Rows of a PNG image: decompressed, unfiltered (section 9) and, when interlaced, placed by Adam7
 * (8.2).
 */
final class PngRows {
    private static final int[] PASS_X = {0, 4, 0, 2, 0, 1, 0};
    private static final int[] PASS_Y = {0, 0, 4, 0, 2, 0, 1};
    private static final int[] PASS_DX = {8, 8, 4, 4, 2, 2, 1};
    private static final int[] PASS_DY = {8, 8, 8, 4, 4, 2, 2};

    private final PngHeader header;
    private final InflatedSlices source;

    /** Bytes from a sample to the one left of it that filters see; at least 1. */
    private final int step;

    PngRows(PngHeader header, InflatedSlices source) {
        this.header = header;
        this.source = source;
        this.step = Math.max(1, header.bitsPerPixel() / 8);
    }

    void readInto(PngRaster raster) {
        if (!header.interlaced()) {
            pass(raster, 0, 0, 1, 1);
            return;
        }
        for (int i = 0; i < PASS_X.length; i++) {
            pass(raster, PASS_X[i], PASS_Y[i], PASS_DX[i], PASS_DY[i]);
        }
    }

    private void pass(PngRaster raster, int x0, int y0, int dx, int dy) {
        int count = Math.ceilDiv(header.width() - x0, dx);
        if (count <= 0) {
            return;
        }
        int bytes = Math.ceilDiv(count * header.bitsPerPixel(), 8);
        // The filter type comes first, then the row.
        byte[] row = new byte[bytes + 1];
        byte[] above = new byte[bytes + 1];
        for (int y = y0; y < header.height(); y += dy) {
            source.read(row, 0, bytes + 1);
            unfilter(row, above);
            raster.put(row, y, x0, dx, count);
            byte[] swap = above;
            above = row;
            row = swap;
        }
    }

    private void unfilter(byte[] row, byte[] above) {
        switch (row[0]) {
            case 0 -> {}
            case 1 -> {
                for (int i = step + 1; i < row.length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 1; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> average(row, above);
            case 4 -> paeth(row, above);
            default ->
                    throw new Unreadable(
                            "PNG image is damaged: filter type %d".formatted(row[0] & 0xff));
        }
    }

    private void average(byte[] row, byte[] above) {
        for (int i = 1; i <= step && i < row.length; i++) {
            row[i] += (byte) ((above[i] & 0xff) >> 1);
        }
        for (int i = step + 1; i < row.length; i++) {
            row[i] += (byte) (((row[i - step] & 0xff) + (above[i] & 0xff)) >> 1);
        }
    }

    private void paeth(byte[] row, byte[] above) {
        for (int i = 1; i <= step && i < row.length; i++) {
            row[i] += above[i];
        }
        for (int i = step + 1; i < row.length; i++) {
            int left = row[i - step] & 0xff;
            int up = above[i] & 0xff;
            int corner = above[i - step] & 0xff;
            int toLeft = Math.abs(up - corner);
            int toUp = Math.abs(left - corner);
            int toCorner = Math.abs(left + up - 2 * corner);
            row[i] +=
                    (byte)
                            (toLeft <= toUp && toLeft <= toCorner
                                    ? left
                                    : toUp <= toCorner ? up : corner);
        }
    }
}
