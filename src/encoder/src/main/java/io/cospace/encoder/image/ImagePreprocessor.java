package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/**
 * Upright RGB pixels to the input of an image tower: resize, centre crop or padding, normalisation.
 * The 8-bit pixels in between equal those of Pillow 11.3 to the bit. Thread-safe.
 */
public final class ImagePreprocessor {
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
        float[] table = new float[Pixels.CHANNELS * Pixels.LEVELS];
        for (int c = 0; c < Pixels.CHANNELS; c++) {
            double mean = preprocessing.mean().get(c);
            double std = preprocessing.std().get(c);
            for (int v = 0; v < Pixels.LEVELS; v++) {
                table[c * Pixels.LEVELS + v] = (float) ((v * preprocessing.rescale() - mean) / std);
            }
        }
        return table;
    }

    /** The tensor [3, crop, crop] of one picture, as bytes until it is read. */
    public Pixels apply(RgbImage image) {
        int side = preprocessing.crop();
        byte[] levels = new byte[Pixels.CHANNELS * side * side];
        ResizePlan plan = ResizePlan.of(preprocessing, image.width(), image.height());
        if (plan.columns() < side || plan.rows() < side) {
            pad(levels);
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
                                    levels,
                                    (plan.padTop() + y) * side + plan.padLeft()));
        } finally {
            scratches.giveBack(scratch);
        }
        return Pixels.ofLevels(side, side, levels, normalised);
    }

    private void pad(byte[] levels) {
        List<Integer> background = preprocessing.background();
        if (background == null) {
            return;
        }
        int plane = levels.length / Pixels.CHANNELS;
        for (int c = 0; c < Pixels.CHANNELS; c++) {
            Arrays.fill(levels, c * plane, (c + 1) * plane, background.get(c).byteValue());
        }
    }

    private static void write(int[] rgb, int columns, byte[] levels, int at) {
        int plane = levels.length / Pixels.CHANNELS;
        for (int x = 0, i = 0; x < columns; x++, i += 3) {
            levels[at + x] = (byte) rgb[i];
            levels[at + plane + x] = (byte) rgb[i + 1];
            levels[at + 2 * plane + x] = (byte) rgb[i + 2];
        }
    }
}
