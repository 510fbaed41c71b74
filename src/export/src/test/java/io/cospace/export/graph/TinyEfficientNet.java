package io.cospace.export.graph;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.graph.EfficientNetLite.Config;
import io.cospace.export.graph.EfficientNetLite.Padding;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * An EfficientNet-Lite with all stages and few channels, and the plainest possible computation of
 * it in double precision: seven nested loops a convolution, padding by the definition of the
 * border.
 */
record TinyEfficientNet(Safetensors file, Config config) {
    private static final int[] KERNELS = {3, 3, 5, 3, 5, 5, 3};
    private static final int[] STRIDES = {1, 2, 2, 2, 1, 2, 1};
    private static final int[] CHANNELS = {4, 4, 6, 6, 8, 8, 10};
    private static final int[] BLOCKS = {1, 2, 1, 2, 1, 2, 1};
    private static final int EXPANSION = 2;
    private static final int STEM = 6;
    private static final int FEATURES = 20;

    private static final class Image {
        final int channels;
        final int side;
        final double[] values;

        Image(int channels, int side, double[] values) {
            this.channels = channels;
            this.side = side;
            this.values = values;
        }

        double at(int c, int y, int x) {
            boolean outside = y < 0 || x < 0 || y >= side || x >= side;
            return outside ? 0 : values[(c * side + y) * side + x];
        }
    }

    /** Writes random weights. */
    static Safetensors write(Path path) {
        SafetensorsWriter writer = new SafetensorsWriter();
        SplittableRandom random = new SplittableRandom(17);
        unit(writer, random, "conv_stem", "bn1", STEM, 3, 3);
        int in = STEM;
        for (int s = 0; s < CHANNELS.length; s++) {
            for (int b = 0; b < BLOCKS[s]; b++) {
                String name = "blocks." + s + "." + b + ".";
                int wide = s == 0 ? in : EXPANSION * in;
                if (s != 0) {
                    unit(writer, random, name + "conv_pw", name + "bn1", wide, in, 1);
                }
                String norm = name + (s == 0 ? "bn1" : "bn2");
                unit(writer, random, name + "conv_dw", norm, wide, 1, KERNELS[s]);
                String last = s == 0 ? "conv_pw" : "conv_pwl";
                norm = name + (s == 0 ? "bn2" : "bn3");
                unit(writer, random, name + last, norm, CHANNELS[s], wide, 1);
                in = CHANNELS[s];
            }
        }
        unit(writer, random, "conv_head", "bn2", FEATURES, in, 1);
        writer.write(path);
        return Safetensors.open(path);
    }

    private static void unit(
            SafetensorsWriter writer,
            SplittableRandom random,
            String conv,
            String norm,
            int out,
            int in,
            int kernel) {
        float spread = (float) (1.5 / Math.sqrt(in * kernel * kernel));
        float[] weight = EfficientNetLiteTest.random(random, out * in * kernel * kernel, spread);
        writer.add(conv + ".weight", weight, out, in, kernel, kernel);
        float[] variance = EfficientNetLiteTest.random(random, out, 0.5f);
        for (int i = 0; i < out; i++) {
            variance[i] = 0.5f + Math.abs(variance[i]);
        }
        writer.add(norm + ".weight", EfficientNetLiteTest.random(random, out, 1.5f), out);
        writer.add(norm + ".bias", EfficientNetLiteTest.random(random, out, 0.5f), out);
        writer.add(norm + ".running_mean", EfficientNetLiteTest.random(random, out, 0.3f), out);
        writer.add(norm + ".running_var", variance, out);
    }

    /** Pooled features of each image. */
    float[] pooled(float[] pixels) {
        int size = config.size();
        int images = pixels.length / (3 * size * size);
        float[] features = new float[images * FEATURES];
        for (int i = 0; i < images; i++) {
            double[] values = new double[3 * size * size];
            for (int j = 0; j < values.length; j++) {
                values[j] = pixels[i * values.length + j];
            }
            Image map = last(new Image(3, size, values));
            for (int c = 0; c < FEATURES; c++) {
                double sum = 0;
                for (int p = 0; p < map.side * map.side; p++) {
                    sum += map.values[c * map.side * map.side + p];
                }
                features[i * FEATURES + c] = (float) (sum / (map.side * map.side));
            }
        }
        return features;
    }

    private Image last(Image image) {
        Image x = unit(image, "conv_stem", "bn1", 2, 3, false, true);
        for (int s = 0; s < CHANNELS.length; s++) {
            for (int b = 0; b < BLOCKS[s]; b++) {
                String name = "blocks." + s + "." + b + ".";
                int stride = b == 0 ? STRIDES[s] : 1;
                Image y = s == 0 ? x : unit(x, name + "conv_pw", name + "bn1", 1, 1, false, true);
                String norm = name + (s == 0 ? "bn1" : "bn2");
                y = unit(y, name + "conv_dw", norm, stride, KERNELS[s], true, true);
                norm = name + (s == 0 ? "bn2" : "bn3");
                String project = name + (s == 0 ? "conv_pw" : "conv_pwl");
                y = unit(y, project, norm, 1, 1, false, false);
                if (y.channels == x.channels && y.side == x.side) {
                    for (int i = 0; i < y.values.length; i++) {
                        y.values[i] += x.values[i];
                    }
                }
                x = y;
            }
        }
        return unit(x, "conv_head", "bn2", 1, 1, false, true);
    }

    private Image unit(
            Image in,
            String conv,
            String norm,
            int stride,
            int k,
            boolean depthwise,
            boolean clip) {
        float[] w = file.floats(conv + ".weight");
        float[] gamma = file.floats(norm + ".weight");
        float[] beta = file.floats(norm + ".bias");
        float[] mean = file.floats(norm + ".running_mean");
        float[] variance = file.floats(norm + ".running_var");
        int out = gamma.length;
        int perFilter = depthwise ? 1 : in.channels;
        int before = k / 2;
        int side = (in.side + 2 * (k / 2) - k) / stride + 1;
        if (config.padding() == Padding.SAME) {
            side = (in.side + stride - 1) / stride;
            before = Math.max((side - 1) * stride + k - in.side, 0) / 2;
        }
        double[] values = new double[out * side * side];
        for (int o = 0; o < out; o++) {
            double scale = gamma[o] / Math.sqrt(variance[o] + (double) config.epsilon());
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double sum = 0;
                    for (int c = 0; c < perFilter; c++) {
                        for (int i = 0; i < k; i++) {
                            for (int j = 0; j < k; j++) {
                                double v =
                                        in.at(
                                                depthwise ? o : c,
                                                y * stride - before + i,
                                                x * stride - before + j);
                                sum += v * w[((o * perFilter + c) * k + i) * k + j];
                            }
                        }
                    }
                    double normed = (sum - mean[o]) * scale + beta[o];
                    values[(o * side + y) * side + x] = clip ? Math.clamp(normed, 0, 6) : normed;
                }
            }
        }
        return new Image(out, side, values);
    }
}
