package io.cospace.export.importer;

import io.cospace.encoder.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Pictures that precisions are compared on where a model comes without any: painted shapes,
 * stripes, gradients and grain over coloured grounds, the same ones every time. They are no
 * photographs, but spread over colours, scales and contrasts.
 */
final class SampleImages {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 120;
    private static final long SEED = 0x5eed_0001L;

    private SampleImages() {}

    /** {@code count} different pictures of 160 x 120 pixels. */
    static List<RgbImage> paint(int count) {
        List<RgbImage> images = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < count; i++) {
            images.add(picture(random.split()));
        }
        return images;
    }

    private static RgbImage picture(SplittableRandom random) {
        double[] canvas = ground(random);
        int shapes = 1 + random.nextInt(6);
        for (int i = 0; i < shapes; i++) {
            shape(canvas, random);
        }
        double grain = random.nextDouble() * 24;
        byte[] rgb = new byte[canvas.length];
        for (int i = 0; i < rgb.length; i++) {
            double value = canvas[i] + grain * (random.nextDouble() - 0.5);
            rgb[i] = (byte) Math.clamp(Math.round(value), 0, 255);
        }
        return new RgbImage(WIDTH, HEIGHT, rgb);
    }

    /** From one colour to another, in a random direction. */
    private static double[] ground(SplittableRandom random) {
        double[] from = colour(random);
        double[] to = colour(random);
        double angle = random.nextDouble() * 2 * Math.PI;
        double[] canvas = new double[3 * WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double along = Math.cos(angle) * x / WIDTH + Math.sin(angle) * y / HEIGHT;
                double share = Math.clamp(0.5 + 0.5 * along, 0, 1);
                for (int c = 0; c < 3; c++) {
                    canvas[3 * (y * WIDTH + x) + c] = from[c] + share * (to[c] - from[c]);
                }
            }
        }
        return canvas;
    }

    /** An ellipse, a rectangle or stripes. */
    private static void shape(double[] canvas, SplittableRandom random) {
        int kind = random.nextInt(3);
        double[] colour = colour(random);
        double centreX = random.nextDouble() * WIDTH;
        double centreY = random.nextDouble() * HEIGHT;
        double radiusX = 6 + random.nextDouble() * WIDTH / 3;
        double radiusY = 6 + random.nextDouble() * HEIGHT / 3;
        double period = 4 + random.nextDouble() * 24;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double dx = (x - centreX) / radiusX;
                double dy = (y - centreY) / radiusY;
                boolean inside =
                        switch (kind) {
                            case 0 -> dx * dx + dy * dy < 1;
                            case 1 -> Math.max(Math.abs(dx), Math.abs(dy)) < 1;
                            default ->
                                    Math.max(Math.abs(dx), Math.abs(dy)) < 1
                                            && (x + y) % period < period / 2;
                        };
                if (inside) {
                    System.arraycopy(colour, 0, canvas, 3 * (y * WIDTH + x), 3);
                }
            }
        }
    }

    private static double[] colour(SplittableRandom random) {
        return new double[] {
            random.nextDouble() * 255, random.nextDouble() * 255, random.nextDouble() * 255
        };
    }
}
