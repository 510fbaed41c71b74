package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;

/**
 * One image as the image tower reads it: [3, height, width] normalised floats, planes in the order
 * red, green, blue, each row by row from the top. What a picture was prepared to is held as bytes,
 * a quarter of the floats, since many wait for their batch, and becomes floats by {@link #copyTo}
 * as the batch is gathered. Lies on the heap, so that a queue of them costs no direct memory.
 * Immutable.
 */
public final class Pixels {

    /** Channels of every image: red, green, blue. */
    public static final int CHANNELS = 3;

    /** Values that a byte can have. */
    public static final int LEVELS = 256;

    private final int height;
    private final int width;
    private final Form form;

    /**
     * An image of any floats.
     *
     * @param values a buffer of exactly {@code 3 * height * width} floats from position 0; owned by
     *     this object, not to be changed
     */
    public Pixels(int height, int width, FloatBuffer values) {
        this(height, width, new Floats(values));
    }

    private Pixels(int height, int width, Form form) {
        if (height < 1 || width < 1 || form.count() != (long) CHANNELS * height * width) {
            throw new IllegalArgumentException(
                    "pixels [3, %d, %d] cannot have %d values"
                            .formatted(height, width, form.count()));
        }
        this.height = height;
        this.width = width;
        this.form = form;
    }

    /**
     * An image of 8-bit levels, each of which stands for a float.
     *
     * @param levels [3, height, width] unsigned; owned by the result, not to be changed
     * @param table [3, 256], the float of each level in each plane; shared, not to be changed
     */
    public static Pixels ofLevels(int height, int width, byte[] levels, float[] table) {
        requireNonNull(levels, "levels is null");
        if (table.length != CHANNELS * LEVELS) {
            throw new IllegalArgumentException(
                    "table has %d values; must have %d".formatted(table.length, CHANNELS * LEVELS));
        }
        return new Pixels(height, width, new Levels(levels, table));
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** Bytes that the image keeps while it waits, without the few of the objects themselves. */
    public int heldBytes() {
        return form.heldBytes();
    }

    /**
     * The floats, read-only and at position 0. May be made by the call: ask once, not in a loop.
     */
    public FloatBuffer values() {
        return form.values();
    }

    /** Puts all {@code 3 * height * width} floats at the position of {@code batch}. */
    public void copyTo(FloatBuffer batch) {
        form.copyTo(batch);
    }

    @Override
    public String toString() {
        return "Pixels[3, %d, %d]".formatted(height, width);
    }

    private sealed interface Form {
        int count();

        int heldBytes();

        FloatBuffer values();

        void copyTo(FloatBuffer batch);
    }

    private record Floats(FloatBuffer buffer) implements Form {
        @Override
        public int count() {
            return buffer.limit();
        }

        @Override
        public int heldBytes() {
            return Float.BYTES * buffer.limit();
        }

        @Override
        public FloatBuffer values() {
            return buffer.asReadOnlyBuffer().rewind();
        }

        @Override
        public void copyTo(FloatBuffer batch) {
            batch.put(values());
        }
    }

    private static final class Levels implements Form {
        /** Floats looked up at a time: 4 kB, so that they are still in the first cache. */
        private static final int PIECE = 1024;

        private final byte[] levels;
        private final float[] table;

        Levels(byte[] levels, float[] table) {
            this.levels = levels;
            this.table = table;
        }

        @Override
        public int count() {
            return levels.length;
        }

        @Override
        public int heldBytes() {
            return levels.length;
        }

        @Override
        public FloatBuffer values() {
            FloatBuffer values = FloatBuffer.allocate(levels.length);
            copyTo(values);
            return values.flip().asReadOnlyBuffer();
        }

        @Override
        public void copyTo(FloatBuffer batch) {
            float[] piece = new float[PIECE];
            int plane = levels.length / CHANNELS;
            for (int c = 0; c < CHANNELS; c++) {
                int end = (c + 1) * plane;
                for (int at = c * plane; at < end; at += PIECE) {
                    int count = Math.min(PIECE, end - at);
                    lookUp(levels, at, table, c * LEVELS, piece, count);
                    batch.put(piece, 0, count);
                }
            }
        }

        /** Arrays only, whatever kinds of buffers the callers have: kept alone for that. */
        private static void lookUp(
                byte[] levels, int at, float[] table, int row, float[] piece, int count) {
            for (int i = 0; i < count; i++) {
                piece[i] = table[row + (levels[at + i] & 0xff)];
            }
        }
    }
}
