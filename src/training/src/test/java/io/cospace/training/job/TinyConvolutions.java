package io.cospace.training.job;

import io.cospace.export.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Random weights of an EfficientNet-Lite with all stages, few channels and a classifier of four
 * classes, and the file that names the classes.
 */
final class TinyConvolutions {
    static final int CLASSES = 4;

    private static final int[] KERNELS = {3, 3, 5, 3, 5, 5, 3};
    private static final int[] CHANNELS = {4, 4, 6, 6, 8, 8, 10};
    private static final int STEM = 6;
    private static final int FEATURES = 20;

    private final SafetensorsWriter writer = new SafetensorsWriter();
    private final SplittableRandom random = new SplittableRandom(17);

    private TinyConvolutions() {}

    /** Writes the weights. */
    static Path weights(Path file) {
        TinyConvolutions made = new TinyConvolutions();
        made.unit("conv_stem", "bn1", STEM, 3, 3);
        int in = STEM;
        for (int stage = 0; stage < CHANNELS.length; stage++) {
            String name = "blocks." + stage + ".0.";
            int wide = stage == 0 ? in : 2 * in;
            if (stage > 0) {
                made.unit(name + "conv_pw", name + "bn1", wide, in, 1);
            }
            String norm = name + (stage == 0 ? "bn1" : "bn2");
            made.unit(name + "conv_dw", norm, wide, 1, KERNELS[stage]);
            String last = name + (stage == 0 ? "conv_pw" : "conv_pwl");
            made.unit(last, name + (stage == 0 ? "bn2" : "bn3"), CHANNELS[stage], wide, 1);
            in = CHANNELS[stage];
        }
        made.unit("conv_head", "bn2", FEATURES, in, 1);
        made.add("classifier.weight", .5, 0, CLASSES, FEATURES);
        made.add("classifier.bias", .1, 0, CLASSES);
        made.writer.write(file);
        return file;
    }

    /** Writes the classes, named by words of {@link TinyJob}. */
    static Path classes(Path file) throws IOException {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < CLASSES; i++) {
            json.append(i == 0 ? "" : ", ")
                    .append(
                            "{\"wnid\": \"n%d\", \"lemmas\": [\"w%d\"], \"gloss\": \"w%d w3\"}"
                                    .formatted(i, 60 + i, 70 + i));
        }
        return Files.writeString(file, json.append("]"));
    }

    private void unit(String conv, String norm, int out, int in, int kernel) {
        add(conv + ".weight", 1.5 / Math.sqrt(in * kernel * kernel), 0, out, in, kernel, kernel);
        add(norm + ".weight", .2, 1, out);
        add(norm + ".bias", .2, 0, out);
        add(norm + ".running_mean", .2, 0, out);
        add(norm + ".running_var", .2, 1, out);
    }

    private void add(String name, double spread, double middle, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (middle + spread * (2 * random.nextDouble() - 1));
        }
        writer.add(name, values, shape);
    }
}
