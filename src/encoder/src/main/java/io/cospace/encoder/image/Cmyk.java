package io.cospace.encoder.image;

/** The colour that ink leaves, in Pillow's 8-bit integers (Convert.c, cmyk2rgb). */
final class Cmyk {
    private Cmyk() {}

    /**
     * @param ink cyan for red, magenta for green, yellow for blue; 0..255
     * @param light 255 less black
     */
    static byte channel(int ink, int light) {
        int product = ink * light + 128;
        return (byte) Math.max(0, light - (((product >> 8) + product) >> 8));
    }
}
