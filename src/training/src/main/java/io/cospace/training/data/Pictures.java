package io.cospace.training.data;

import io.cospace.encoder.image.RgbImage;

/** Operations on 8-bit pictures that augmentation needs. */
final class Pictures {
    private static final int CHANNELS = 3;
    private static final int WHITE = 255;

    /** Rec. 601 luma, as Pillow's contrast takes its mean of. */
    private static final double[] LUMA = {0.299, 0.587, 0.114};

    private Pictures() {}

    /**
     * From a place in the result to one in the source, both counted from their centres: {@code (xx
     * x + xy y, yx x + yy y)}.
     */
    record Affine(double xx, double xy, double yx, double yy) {}

    /** A rectangle that lies within the picture. */
    static RgbImage crop(RgbImage image, int left, int top, int width, int height) {
        byte[] part = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            int from = ((top + y) * image.width() + left) * CHANNELS;
            System.arraycopy(image.rgb(), from, part, y * width * CHANNELS, width * CHANNELS);
        }
        return new RgbImage(width, height, part);
    }

    /** The picture of the same size seen through a map, bilinear, white around it. */
    static RgbImage warp(RgbImage image, Affine map) {
        int width = image.width();
        int height = image.height();
        byte[] out = new byte[width * height * CHANNELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double dx = x + 0.5 - width / 2.0;
                double dy = y + 0.5 - height / 2.0;
                double sx = map.xx * dx + map.xy * dy + width / 2.0 - 0.5;
                double sy = map.yx * dx + map.yy * dy + height / 2.0 - 0.5;
                sample(image, sx, sy, out, (y * width + x) * CHANNELS);
            }
        }
        return new RgbImage(width, height, out);
    }

    private static void sample(RgbImage image, double x, double y, byte[] out, int at) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double fx = x - left;
        double fy = y - top;
        for (int c = 0; c < CHANNELS; c++) {
            double upper =
                    pixel(image, left, top, c) * (1 - fx) + pixel(image, left + 1, top, c) * fx;
            double lower =
                    pixel(image, left, top + 1, c) * (1 - fx)
                            + pixel(image, left + 1, top + 1, c) * fx;
            out[at + c] = (byte) Math.rint(upper * (1 - fy) + lower * fy);
        }
    }

    private static int pixel(RgbImage image, int x, int y, int channel) {
        boolean outside = x < 0 || y < 0 || x >= image.width() || y >= image.height();
        return outside ? WHITE : image.rgb()[(y * image.width() + x) * CHANNELS + channel] & 0xff;
    }

    /** Values moved from the mean grey by a factor, then multiplied by another. */
    static RgbImage lit(RgbImage image, double contrast, double brightness) {
        byte[] rgb = image.rgb();
        double mean = 0;
        for (int i = 0; i < rgb.length; i++) {
            mean += LUMA[i % CHANNELS] * (rgb[i] & 0xff);
        }
        mean /= rgb.length / (double) CHANNELS;
        byte[] table = new byte[256];
        for (int v = 0; v < table.length; v++) {
            double value = (mean + contrast * (v - mean)) * brightness;
            table[v] = (byte) Math.rint(Math.clamp(value, 0, WHITE));
        }
        byte[] out = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            out[i] = table[rgb[i] & 0xff];
        }
        return new RgbImage(image.width(), image.height(), out);
    }
}
