package io.cospace.encoder.image.webp;

import io.cospace.encoder.error.ImageException.Unreadable;

/**
 * Header of a VP8 key frame (RFC 6386, 9.2 to 9.11 and 19.2). Not thread-safe; read once, then only
 * looked at.
 */
final class Vp8Header {
    static final int SEGMENTS = 4;

    /** Bytes before the first partition: frame tag, start code, width, height. */
    static final int FIXED_BYTES = 10;

    final int width;
    final int height;

    /** Continues in the modes of the macroblocks. */
    final BoolDecoder bits;

    /** Token partitions; row y of macroblocks is in the one of y modulo their number. */
    final BoolDecoder[] partitions;

    final Vp8Quantizer[] quantizers = new Vp8Quantizer[SEGMENTS];
    final Vp8FilterStrength[] filters;
    final boolean simpleFilter;
    final int[] tokens = Vp8Tokens.defaults();

    /** Whether macroblocks say which segment they are in; else all are in segment 0. */
    boolean segmentMap;

    final int[] segmentProbabilities = {255, 255, 255};

    /** Probability that a macroblock has coefficients; -1 when macroblocks do not say. */
    final int skipProbability;

    private boolean segmented;
    private boolean absoluteSegments = true;
    private final int[] segmentQuantizers = new int[SEGMENTS];
    private final int[] segmentFilters = new int[SEGMENTS];

    Vp8Header(byte[] file, int from, int end) {
        Vp8.Size size = Vp8.size(file, from, end);
        width = size.width();
        height = size.height();
        int firstBytes = littleEndian24(file, from) >> 5;
        int first = from + FIXED_BYTES;
        if (firstBytes > end - first) {
            throw truncated();
        }
        bits = new BoolDecoder(file, first, first + firstBytes);
        // The colour space, and whether samples may need clamping: they always get it.
        bits.value(2);
        readSegments();
        simpleFilter = bits.flag();
        filters = readFilters();
        partitions = partitions(file, first + firstBytes, end);
        readQuantizers();
        // Whether probabilities outlive the frame: there is but one.
        bits.flag();
        Vp8TokenUpdates.read(bits, tokens);
        skipProbability = bits.flag() ? bits.value(8) : -1;
        if (bits.starved()) {
            throw truncated();
        }
    }

    static Unreadable truncated() {
        return new Unreadable("WebP image is truncated: its VP8 data end early");
    }

    private void readSegments() {
        segmented = bits.flag();
        if (!segmented) {
            return;
        }
        segmentMap = bits.flag();
        if (bits.flag()) {
            absoluteSegments = bits.flag();
            for (int i = 0; i < SEGMENTS; i++) {
                segmentQuantizers[i] = bits.optionalValue(7);
            }
            for (int i = 0; i < SEGMENTS; i++) {
                segmentFilters[i] = bits.optionalValue(6);
            }
        }
        if (segmentMap) {
            for (int i = 0; i < segmentProbabilities.length; i++) {
                segmentProbabilities[i] = bits.flag() ? bits.value(8) : 255;
            }
        }
    }

    /**
     * Strengths of [segment, 0: whole macroblock or 1: subblocks]; empty when nothing is filtered.
     */
    private Vp8FilterStrength[] readFilters() {
        int level = bits.value(6);
        int sharpness = bits.value(3);
        int intraDelta = 0;
        int subblockDelta = 0;
        boolean deltas = bits.flag();
        if (deltas && bits.flag()) {
            intraDelta = bits.optionalValue(6);
            // Those of the three kinds of inter prediction, which key frames lack.
            for (int i = 0; i < 3; i++) {
                bits.optionalValue(6);
            }
            subblockDelta = bits.optionalValue(6);
            for (int i = 0; i < 3; i++) {
                bits.optionalValue(6);
            }
        }
        if (level == 0) {
            return new Vp8FilterStrength[0];
        }
        Vp8FilterStrength[] strengths = new Vp8FilterStrength[2 * SEGMENTS];
        for (int i = 0; i < SEGMENTS; i++) {
            int base = !segmented ? level : segmentFilters[i] + (absoluteSegments ? 0 : level);
            strengths[2 * i] = Vp8FilterStrength.of(base + intraDelta, sharpness);
            strengths[2 * i + 1] =
                    Vp8FilterStrength.of(base + intraDelta + subblockDelta, sharpness);
        }
        return strengths;
    }

    /** The sizes of all but the last partition stand before the first, three bytes each. */
    private BoolDecoder[] partitions(byte[] file, int from, int end) {
        BoolDecoder[] found = new BoolDecoder[1 << bits.value(2)];
        int sizes = from;
        int at = from + 3 * (found.length - 1);
        if (at >= end) {
            throw truncated();
        }
        for (int i = 0; i < found.length; i++, sizes += 3) {
            int length = end - at;
            if (i < found.length - 1) {
                length = Math.min(length, littleEndian24(file, sizes));
            }
            found[i] = new BoolDecoder(file, at, at + length);
            at += length;
        }
        return found;
    }

    private static int littleEndian24(byte[] file, int at) {
        return (file[at] & 0xff) | (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff) << 16;
    }

    private void readQuantizers() {
        int base = bits.value(7);
        int[] deltas = new int[5];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = bits.optionalValue(4);
        }
        for (int i = 0; i < SEGMENTS; i++) {
            int index = !segmented ? base : segmentQuantizers[i] + (absoluteSegments ? 0 : base);
            quantizers[i] = Vp8Quantizer.of(index, deltas);
        }
    }
}
