package io.cospace.encoder.image.webp;

/**
 * How strongly the edges of a macroblock are filtered (RFC 6386, 15.2 and 15.3).
 *
 * @param limit of the difference across a subblock's edge that is still filtered; 0: none is
 * @param interior limit of the differences beside the edge
 * @param highVariance difference above which an edge counts as a feature of the picture
 */
record Vp8FilterStrength(int limit, int interior, int highVariance) {

    /** The strength of a level, of any value, at a sharpness of 0..7. */
    static Vp8FilterStrength of(int anyLevel, int sharpness) {
        int level = Math.clamp(anyLevel, 0, 63);
        if (level == 0) {
            return new Vp8FilterStrength(0, 0, 0);
        }
        int interior = level;
        if (sharpness > 0) {
            interior = Math.min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        interior = Math.max(interior, 1);
        return new Vp8FilterStrength(
                2 * level + interior, interior, level >= 40 ? 2 : level >= 15 ? 1 : 0);
    }
}
