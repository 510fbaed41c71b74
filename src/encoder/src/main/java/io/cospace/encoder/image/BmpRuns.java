package io.cospace.encoder.image;

/**
 * Run-length coded pixels of a Windows bitmap (BI_RLE8, BI_RLE4); what is jumped over has index 0.
 */
final class BmpRuns {
    private static final int END_OF_LINE = 0;
    private static final int END_OF_BITMAP = 1;
    private static final int DELTA = 2;

    private final ByteReader reader;
    private final int width;
    private final boolean nibbles;
    private final byte[] indices;
    private int at;

    /** Pixels coded since the line began; a run ends at the width whatever it says. */
    private int column;

    /**
     * @param reader at the first code
     */
    BmpRuns(ByteReader reader, BmpHeader header) {
        this.reader = reader;
        this.width = header.width();
        this.nibbles = header.coding() == BmpHeader.Coding.RLE4;
        this.indices = new byte[width * header.height()];
    }

    /** One byte a pixel in stored order, [height, width]. */
    byte[] indices() {
        while (at < indices.length) {
            int count = reader.u8();
            int code = reader.u8();
            if (count > 0) {
                run(Math.clamp(width - column, 0, count), code);
                continue;
            }
            switch (code) {
                case END_OF_LINE -> {
                    at = Math.ceilDiv(at, width) * width;
                    column = 0;
                }
                case END_OF_BITMAP -> {
                    return indices;
                }
                case DELTA -> jump(reader.u8(), reader.u8());
                default -> literals(code);
            }
        }
        return indices;
    }

    private void jump(int right, int up) {
        at = (int) Math.min((long) at + right + (long) up * width, indices.length);
        column = at % width;
    }

    private void run(int count, int code) {
        column += count;
        int end = Math.min(at + count, indices.length);
        for (int i = 0; at < end; i++) {
            indices[at++] = (byte) (!nibbles ? code : i % 2 == 0 ? code >> 4 : code & 15);
        }
    }

    private void literals(int count) {
        column += count;
        int packed = 0;
        for (int i = 0; i < count; i++) {
            if (!nibbles || i % 2 == 0) {
                packed = reader.u8();
            }
            int index = !nibbles ? packed : i % 2 == 0 ? packed >> 4 : packed & 15;
            if (at < indices.length) {
                indices[at++] = (byte) index;
            }
        }
        int bytes = nibbles ? (count + 1) / 2 : count;
        if (bytes % 2 != 0 && reader.remaining() > 0) {
            reader.skip(1);
        }
    }
}
