package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Upright RGB pixels to the input of an image tower: resize, centre crop or padding, normalisation.
 * The 8-bit pixels in between equal those of Pillow 11.3 to the bit. Thread-safe.
 */
public final class ImagePreprocessor {
    private static final int VALUES = 256;

    private final Preprocessing preprocessing;
    private final Resampler resampler;
    private final ResampleScratch.Pool scratches =
            new ResampleScratch.Pool(Runtime.getRuntime().availableProcessors());

    /** The normalised value of each 8-bit one: [3, 256]. */
    private final float[] normalised;

    public ImagePreprocessor(Preprocessing preprocessing) {
        this.preprocessing = requireNonNull(preprocessing, "preprocessing is null");
        this.resampler = new Resampler(preprocessing.interpolation());
        this.normalised = normalised(preprocessing);
    }

    private static float[] normalised(Preprocessing preprocessing) {
        float[] table = new float[Pixels.CHANNELS * VALUES];
        for (int c = 0; c < Pixels.CHANNELS; c++) {
            double mean = preprocessing.mean().get(c);
            double std = preprocessing.std().get(c);
            for (int v = 0; v < VALUES; v++) {
                table[c * VALUES + v] = (float) ((v * preprocessing.rescale() - mean) / std);
            }
        }
        return table;
    }

    /** The tensor [3, crop, crop] of one picture. */
    public Pixels apply(RgbImage image) {
        int side = preprocessing.crop();
        float[] values = new float[Pixels.CHANNELS * side * side];
        ResizePlan plan = ResizePlan.of(preprocessing, image.width(), image.height());
        if (plan.columns() < side || plan.rows() < side) {
            pad(values);
        }
        ResampleScratch scratch = scratches.take();
        try {
            resampler.resize(
                    image,
                    plan,
                    scratch,
                    (y, rgb) ->
                            write(
                                    rgb,
                                    plan.columns(),
                                    values,
                                    (plan.padTop() + y) * side + plan.padLeft()));
        } finally {
            scratches.giveBack(scratch);
        }
        return new Pixels(side, side, FloatBuffer.wrap(values));
    }

    private void pad(float[] values) {
        List<Integer> background = preprocessing.background();
        int plane = values.length / Pixels.CHANNELS;
        for (int c = 0; c < Pixels.CHANNELS; c++) {
            int value = background == null ? 0 : background.get(c);
            Arrays.fill(values, c * plane, (c + 1) * plane, normalised[c * VALUES + value]);
        }
    }

    private void write(int[] rgb, int columns, float[] values, int at) {
        int plane = values.length / Pixels.CHANNELS;
        for (int x = 0, i = 0; x < columns; x++, i += 3) {
            values[at + x] = normalised[rgb[i]];
            values[at + plane + x] = normalised[VALUES + rgb[i + 1]];
            values[at + 2 * plane + x] = normalised[2 * VALUES + rgb[i + 2]];
        }
    }
}
