package io.cospace.encoder.image.webp;

import io.cospace.encoder.image.webp.Vp8Planes.Plane;
import java.util.Arrays;

/**
 * Decodes a key frame, macroblock by macroblock (RFC 6386, section 5): mode, coefficients,
 * prediction, residual; then the loop filter over all of it, as prediction sees unfiltered samples.
 * Not thread-safe; used once.
 */
final class Vp8Frame {
    private final Vp8Header header;
    private final int columns;
    private final int rows;
    private final Vp8Planes planes;
    private final Vp8Residuals residuals;
    private final Vp8LoopFilter filter;

    /** Modes of the subblocks above, four a macroblock, and to the left. */
    private final byte[] modesAbove;

    private final byte[] modesLeft = new byte[4];

    /** Modes of the subblocks of the current macroblock; the first is that of the whole one. */
    private final byte[] modes = new byte[16];

    private final int[] edge = new int[13];
    private int segment;

    Vp8Frame(Vp8Header header) {
        this.header = header;
        this.columns = Math.ceilDiv(header.width, 16);
        this.rows = Math.ceilDiv(header.height, 16);
        this.planes = new Vp8Planes(columns, rows);
        this.residuals = new Vp8Residuals(header.tokens, columns);
        this.filter = new Vp8LoopFilter(header, planes, columns, rows);
        this.modesAbove = new byte[4 * columns];
    }

    Vp8Planes decode() {
        for (int row = 0; row < rows; row++) {
            BoolDecoder tokens = header.partitions[row % header.partitions.length];
            residuals.startRow();
            Arrays.fill(modesLeft, (byte) Vp8Prediction.DC);
            for (int column = 0; column < columns; column++) {
                macroblock(tokens, column, row);
            }
            if (header.bits.starved() || tokens.starved()) {
                throw Vp8Header.truncated();
            }
        }
        filter.apply();
        return planes;
    }

    private void macroblock(BoolDecoder tokens, int column, int row) {
        BoolDecoder bits = header.bits;
        if (header.segmentMap) {
            int[] p = header.segmentProbabilities;
            segment = bits.bit(p[0]) ? 2 + (bits.bit(p[2]) ? 1 : 0) : bits.bit(p[1]) ? 1 : 0;
        }
        boolean skipped = header.skipProbability >= 0 && bits.bit(header.skipProbability);
        boolean subblocks = !bits.bit(145);
        if (subblocks) {
            readSubblockModes(column);
        } else {
            readWholeMode(column);
        }
        int chromaMode = readChromaMode();
        boolean coefficients = false;
        if (skipped) {
            residuals.skip(column, subblocks);
        } else {
            coefficients = residuals.read(tokens, column, subblocks, header.quantizers[segment]);
        }
        filter.note(column, row, segment, subblocks, coefficients);
        if (subblocks) {
            reconstructSubblocks(column, row);
        } else {
            reconstructWhole(column, row);
        }
        reconstructChroma(planes.blue, column, row, chromaMode, 16);
        reconstructChroma(planes.red, column, row, chromaMode, 20);
    }

    private void readSubblockModes(int column) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                int mode =
                        Vp8SubblockModes.read(
                                header.bits, modesAbove[4 * column + x], modesLeft[y]);
                modes[4 * y + x] = (byte) mode;
                modesAbove[4 * column + x] = (byte) mode;
                modesLeft[y] = (byte) mode;
            }
        }
    }

    /** The tree of 11.2 for whole luma blocks, with its fixed probabilities of 11.3. */
    private void readWholeMode(int column) {
        BoolDecoder bits = header.bits;
        int mode;
        if (bits.bit(156)) {
            mode = bits.bit(128) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
        } else {
            mode = bits.bit(163) ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
        }
        modes[0] = (byte) mode;
        Arrays.fill(modesLeft, (byte) mode);
        Arrays.fill(modesAbove, 4 * column, 4 * column + 4, (byte) mode);
    }

    private int readChromaMode() {
        BoolDecoder bits = header.bits;
        if (!bits.bit(142)) {
            return Vp8Prediction.DC;
        }
        if (!bits.bit(114)) {
            return Vp8Prediction.VERTICAL;
        }
        return bits.bit(183) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    }

    private void reconstructWhole(int column, int row) {
        Plane luma = planes.luma;
        Vp8Prediction.whole(luma, 16 * column, 16 * row, 16, modes[0]);
        for (int block = 0; block < 16; block++) {
            addResidual(luma, 16 * column + 4 * (block & 3), 16 * row + 4 * (block >> 2), block);
        }
    }

    private void reconstructSubblocks(int column, int row) {
        for (int block = 0; block < 16; block++) {
            int x = 16 * column + 4 * (block & 3);
            int y = 16 * row + 4 * (block >> 2);
            gatherEdge(column, row, x, y);
            Vp8Prediction.subblock(planes.luma, planes.luma.at(x, y), modes[block], edge);
            addResidual(planes.luma, x, y, block);
        }
    }

    private void reconstructChroma(Plane plane, int column, int row, int mode, int firstBlock) {
        Vp8Prediction.whole(plane, 8 * column, 8 * row, 8, mode);
        for (int i = 0; i < 4; i++) {
            addResidual(plane, 8 * column + 4 * (i & 1), 8 * row + 4 * (i >> 1), firstBlock + i);
        }
    }

    private void addResidual(Plane plane, int x, int y, int block) {
        Vp8Transform.add(
                residuals.coefficients,
                16 * block,
                residuals.extent[block],
                plane.samples,
                plane.at(x, y),
                plane.stride);
    }

    /**
     * Neighbours of the subblock at ({@code x}, {@code y}), as {@link Vp8Prediction#subblock} wants
     * them.
     */
    private void gatherEdge(int column, int row, int x, int y) {
        Plane luma = planes.luma;
        byte[] samples = luma.samples;
        for (int i = 0; i < 4; i++) {
            edge[3 - i] = samples[luma.at(x - 1, y + i)] & 0xff;
        }
        int above = luma.at(x - 1, y - 1);
        for (int i = 0; i <= 4; i++) {
            edge[4 + i] = samples[above + i] & 0xff;
        }
        if (x + 4 < 16 * column + 16) {
            for (int i = 5; i <= 8; i++) {
                edge[4 + i] = samples[above + i] & 0xff;
            }
        } else {
            gatherAboveRight(column, row);
        }
    }

    /**
     * Right of the macroblock all four rows of subblocks see the row above the macroblock (12.3).
     */
    private void gatherAboveRight(int column, int row) {
        Plane luma = planes.luma;
        int beyond = luma.at(16 * column + 16, 16 * row - 1);
        for (int i = 0; i < 4; i++) {
            int value = 127;
            if (row > 0) {
                value = luma.samples[column == columns - 1 ? beyond - 1 : beyond + i] & 0xff;
            }
            edge[9 + i] = value;
        }
    }
}
