package io.cospace.training.recipe;

import io.cospace.encoder.image.Pixels;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A changed copy of a drawing on white: mirrored or not, turned by up to 12 degrees, scaled by .65
 * to 1.15, with other contrast and brightness. By the number of the picture alone, so that it can
 * be kept.
 *
 * @param white value of a white pixel after normalisation
 */
record DrawingChange(
        boolean mirrored, double angle, double scale, float contrast, float brightness, float white)
        implements UnaryOperator<Pixels> {

    /** The change of a picture. */
    static DrawingChange of(int picture, float white) {
        SplittableRandom random = new SplittableRandom(0x5EED + 31L * picture);
        return new DrawingChange(
                random.nextBoolean(),
                Math.toRadians(random.nextDouble(-12, 12)),
                random.nextDouble(.65, 1.15),
                (float) random.nextDouble(.8, 1.2),
                (float) random.nextDouble(-.15, .15),
                white);
    }

    @Override
    public Pixels apply(Pixels image) {
        int height = image.height();
        int width = image.width();
        float[] from = new float[3 * height * width];
        image.values().get(from);
        float[] to = new float[from.length];
        double cosine = Math.cos(angle) / scale;
        double sine = Math.sin(angle) / scale;
        double middleX = (width - 1) / 2.0;
        double middleY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double dx = mirrored ? middleX - x : x - middleX;
                double dy = y - middleY;
                double sx = cosine * dx + sine * dy + middleX;
                double sy = cosine * dy - sine * dx + middleY;
                for (int plane = 0; plane < 3; plane++) {
                    int start = plane * height * width;
                    float value = sample(from, start, width, height, sx, sy);
                    to[start + y * width + x] =
                            Math.clamp(value * contrast + brightness, -white, white);
                }
            }
        }
        return new Pixels(height, width, FloatBuffer.wrap(to));
    }

    private float sample(float[] from, int start, int width, int height, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double right = x - left;
        double down = y - top;
        double upper =
                at(from, start, width, height, left, top) * (1 - right)
                        + at(from, start, width, height, left + 1, top) * right;
        double lower =
                at(from, start, width, height, left, top + 1) * (1 - right)
                        + at(from, start, width, height, left + 1, top + 1) * right;
        return (float) (upper * (1 - down) + lower * down);
    }

    private float at(float[] from, int start, int width, int height, int x, int y) {
        return x < 0 || y < 0 || x >= width || y >= height ? white : from[start + y * width + x];
    }
}
