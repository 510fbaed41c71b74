package io.cospace.encoder.image.webp;

import io.cospace.encoder.image.webp.Vp8Planes.Plane;

/**
 * Smooths the edges of blocks (RFC 6386, section 15), macroblock by macroblock from the top left:
 * first its left edge, then the ones inside, then the upper edge, then the ones inside.
 */
final class Vp8LoopFilter {
    /** Flag of a macroblock whose inner edges are filtered; above segment and kind of mode. */
    private static final int INNER = 8;

    private final Vp8Header header;
    private final Vp8Planes planes;
    private final int columns;

    /** Of each macroblock: twice its segment, plus 1 with subblock modes, plus INNER. */
    private final byte[] notes;

    private final boolean enabled;

    Vp8LoopFilter(Vp8Header header, Vp8Planes planes, int columns, int rows) {
        this.header = header;
        this.planes = planes;
        this.columns = columns;
        this.enabled = header.filters.length > 0;
        this.notes = new byte[enabled ? columns * rows : 0];
    }

    /**
     * Keeps what the filter needs to know of a macroblock; one without coefficients is smooth
     * inside.
     */
    void note(int column, int row, int segment, boolean subblocks, boolean coefficients) {
        if (enabled) {
            int inner = subblocks || coefficients ? INNER : 0;
            notes[row * columns + column] = (byte) (2 * segment + (subblocks ? 1 : 0) + inner);
        }
    }

    void apply() {
        for (int i = 0; i < notes.length; i++) {
            Vp8FilterStrength strength = header.filters[notes[i] & (INNER - 1)];
            boolean inner = notes[i] >= INNER;
            if (strength.limit() == 0) {
                continue;
            }
            int column = i % columns;
            int row = i / columns;
            if (header.simpleFilter) {
                simple(column, row, strength.limit(), inner);
            } else {
                plane(planes.luma, 16, column, row, strength, inner);
                plane(planes.blue, 8, column, row, strength, inner);
                plane(planes.red, 8, column, row, strength, inner);
            }
        }
    }

    private void simple(int column, int row, int limit, boolean inner) {
        Plane luma = planes.luma;
        int at = luma.at(16 * column, 16 * row);
        if (column > 0) {
            simpleEdge(luma, at, 1, luma.stride, limit + 4);
        }
        for (int i = 4; inner && i < 16; i += 4) {
            simpleEdge(luma, at + i, 1, luma.stride, limit);
        }
        if (row > 0) {
            simpleEdge(luma, at, luma.stride, 1, limit + 4);
        }
        for (int i = 4; inner && i < 16; i += 4) {
            simpleEdge(luma, at + i * luma.stride, luma.stride, 1, limit);
        }
    }

    private static void simpleEdge(Plane plane, int from, int across, int along, int limit) {
        byte[] s = plane.samples;
        for (int i = 0, p = from; i < 16; i++, p += along) {
            if (Vp8EdgeFilter.step(s, p, across) <= 2 * limit + 1) {
                Vp8EdgeFilter.two(s, p, across);
            }
        }
    }

    private static void plane(
            Plane plane, int size, int column, int row, Vp8FilterStrength strength, boolean inner) {
        int at = plane.at(size * column, size * row);
        int stride = plane.stride;
        if (column > 0) {
            Vp8EdgeFilter.macroblockEdge(plane.samples, at, 1, stride, size, strength);
        }
        for (int i = 4; inner && i < size; i += 4) {
            Vp8EdgeFilter.innerEdge(plane.samples, at + i, 1, stride, size, strength);
        }
        if (row > 0) {
            Vp8EdgeFilter.macroblockEdge(plane.samples, at, stride, 1, size, strength);
        }
        for (int i = 4; inner && i < size; i += 4) {
            Vp8EdgeFilter.innerEdge(plane.samples, at + i * stride, stride, 1, size, strength);
        }
    }
}
