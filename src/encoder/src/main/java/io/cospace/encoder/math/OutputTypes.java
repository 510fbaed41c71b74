package io.cospace.encoder.math;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The smaller forms that a vector may be answered in, as sentence-transformers defines them
 * (util/quantization.py, quantize_embeddings, there with wrap-around instead of the ends of the
 * range), and base64.
 */
public final class OutputTypes {

    private static final int LEVELS = 255;
    private static final int INT8_OFFSET = 128;

    private OutputTypes() {}

    /** The range of each dimension over a sample of a tower's vectors. Immutable. */
    public static final class Ranges {

        private final float[] min;
        private final float[] max;

        /**
         * @param min smallest value of each dimension, [D]
         * @param max largest value of each dimension, [D], at least {@code min}
         */
        public Ranges(float[] min, float[] max) {
            if (min.length != max.length) {
                throw new IllegalArgumentException(
                        "ranges have " + min.length + " and " + max.length + " dimensions");
            }
            for (int i = 0; i < min.length; i++) {
                if (!(min[i] <= max[i]) || !Float.isFinite(max[i] - min[i])) {
                    throw new IllegalArgumentException(
                            "range " + i + " is " + min[i] + ".." + max[i]);
                }
            }
            this.min = min.clone();
            this.max = max.clone();
        }

        /**
         * Place of {@code value} in its dimension's range, in 255 equal steps: 0..255, values
         * outside at the ends.
         */
        float level(int dimension, float value) {
            float step = (max[dimension] - min[dimension]) / LEVELS;
            return step > 0 ? Math.clamp((value - min[dimension]) / step, 0, LEVELS) : 0;
        }
    }

    /**
     * One signed byte a dimension: its place in the range, 0..255, less 128, rounded towards zero.
     */
    public static byte[] int8(float[] vector, Ranges ranges) {
        return levels(vector, ranges, INT8_OFFSET);
    }

    /** One unsigned byte a dimension: its place in the range, 0..255, rounded down. */
    public static byte[] uint8(float[] vector, Ranges ranges) {
        return levels(vector, ranges, 0);
    }

    /**
     * One bit a dimension, set where the value is above the threshold, eight to a byte, first
     * dimension in the highest bit, the last byte filled with zero bits. The bytes are to be read
     * unsigned.
     *
     * @param thresholds one a dimension; null for 0 everywhere
     */
    public static byte[] ubinary(float[] vector, float @Nullable [] thresholds) {
        if (thresholds != null && thresholds.length != vector.length) {
            throw new IllegalArgumentException(
                    "vector has "
                            + vector.length
                            + " dimensions, thresholds have "
                            + thresholds.length);
        }
        byte[] packed = new byte[(vector.length + Byte.SIZE - 1) / Byte.SIZE];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > (thresholds == null ? 0 : thresholds[i])) {
                packed[i / Byte.SIZE] |= (byte) (0x80 >>> i % Byte.SIZE);
            }
        }
        return packed;
    }

    /** As {@link #ubinary}, each byte less 128, to be read signed. */
    public static byte[] binary(float[] vector, float @Nullable [] thresholds) {
        byte[] packed = ubinary(vector, thresholds);
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (byte) (packed[i] - INT8_OFFSET);
        }
        return packed;
    }

    /** Little-endian float32, four bytes a dimension. */
    public static byte[] float32(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    /** Base64 of {@link #float32}. */
    public static String base64(float[] vector) {
        return Base64.getEncoder().encodeToString(float32(vector));
    }

    /**
     * The vector behind {@link #base64}; any values, also not finite ones.
     *
     * @throws IllegalArgumentException when the text is not base64 or its bytes are not whole
     *     floats
     */
    public static float[] fromBase64(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes are not whole float32 values");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static byte[] levels(float[] vector, Ranges ranges, int offset) {
        if (vector.length != ranges.min.length) {
            throw new IllegalArgumentException(
                    "vector has "
                            + vector.length
                            + " dimensions, ranges have "
                            + ranges.min.length);
        }
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            bytes[i] = (byte) (int) (ranges.level(i, vector[i]) - offset);
        }
        return bytes;
    }
}
