package io.cospace.export.graph;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A SigLIP text tower of two blocks in Hugging Face's names, and the plainest computation of it in
 * double precision: one row after the other, no fused steps. After the definition in transformers
 * {@code modeling_siglip.py}: positions from 0, no mask, the last place of the filled context
 * behind the final norm, and a head with bias.
 */
record TinySiglipText(Safetensors file, int padding) {
    static final int WIDTH = 32;
    static final int HEADS = 2;
    static final int CONTEXT = 12;
    static final int DIMENSIONS = 20;
    static final int WORDS = 50;
    private static final int INNER = 48;
    private static final int LAYERS = 2;
    private static final double EPSILON = 1e-6;
    private static final String PREFIX = "text_model.";

    /** Writes random weights. */
    static Safetensors write(Path path) {
        SplittableRandom random = new SplittableRandom(23);
        SafetensorsWriter writer = new SafetensorsWriter();
        add(writer, random, PREFIX + "embeddings.token_embedding.weight", 1, WORDS, WIDTH);
        add(writer, random, PREFIX + "embeddings.position_embedding.weight", 1, CONTEXT, WIDTH);
        for (int i = 0; i < LAYERS; i++) {
            String layer = PREFIX + "encoder.layers." + i + ".";
            for (String name : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                linear(writer, random, layer + "self_attn." + name, WIDTH, WIDTH);
            }
            linear(writer, random, layer + "mlp.fc1", INNER, WIDTH);
            linear(writer, random, layer + "mlp.fc2", WIDTH, INNER);
            norm(writer, random, layer + "layer_norm1");
            norm(writer, random, layer + "layer_norm2");
        }
        norm(writer, random, PREFIX + "final_layer_norm");
        linear(writer, random, PREFIX + "head", DIMENSIONS, WIDTH);
        writer.write(path);
        return Safetensors.open(path);
    }

    private static void add(
            SafetensorsWriter writer,
            SplittableRandom random,
            String name,
            float spread,
            long... shape) {
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
        writer.add(name, EfficientNetLiteTest.random(random, count, spread), shape);
    }

    private static void linear(
            SafetensorsWriter writer, SplittableRandom random, String name, int out, int in) {
        add(writer, random, name + ".weight", (float) (1 / Math.sqrt(in)), out, in);
        add(writer, random, name + ".bias", 0.3f, out);
    }

    private static void norm(SafetensorsWriter writer, SplittableRandom random, String name) {
        add(writer, random, name + ".weight", 1, WIDTH);
        add(writer, random, name + ".bias", 0.3f, WIDTH);
    }

    /** The unit vector of a text. */
    float[] embedding(long[] text) {
        double[] embedded = linear(PREFIX + "head", pooled(text), DIMENSIONS);
        double norm = Math.sqrt(Arrays.stream(embedded).map(v -> v * v).sum());
        float[] unit = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            unit[i] = (float) (embedded[i] / norm);
        }
        return unit;
    }

    private double[] pooled(long[] text) {
        float[] words = file.floats(PREFIX + "embeddings.token_embedding.weight");
        float[] positions = file.floats(PREFIX + "embeddings.position_embedding.weight");
        double[][] x = new double[CONTEXT][WIDTH];
        for (int t = 0; t < CONTEXT; t++) {
            int word = t < text.length ? (int) text[t] : padding;
            for (int i = 0; i < WIDTH; i++) {
                x[t][i] = (double) words[word * WIDTH + i] + positions[t * WIDTH + i];
            }
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = PREFIX + "encoder.layers." + layer + ".";
            attend(name, x);
            for (double[] row : x) {
                double[] inner = linear(name + "mlp.fc1", normed(name + "layer_norm2", row), INNER);
                for (int i = 0; i < INNER; i++) {
                    double v = inner[i];
                    double cube = Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v);
                    inner[i] = 0.5 * v * (1 + Math.tanh(cube));
                }
                double[] sum = linear(name + "mlp.fc2", inner, WIDTH);
                Arrays.setAll(row, i -> row[i] + sum[i]);
            }
        }
        return normed(PREFIX + "final_layer_norm", x[CONTEXT - 1]);
    }

    private void attend(String name, double[][] x) {
        double[][] q = new double[CONTEXT][];
        double[][] k = new double[CONTEXT][];
        double[][] v = new double[CONTEXT][];
        for (int t = 0; t < CONTEXT; t++) {
            double[] row = normed(name + "layer_norm1", x[t]);
            q[t] = linear(name + "self_attn.q_proj", row, WIDTH);
            k[t] = linear(name + "self_attn.k_proj", row, WIDTH);
            v[t] = linear(name + "self_attn.v_proj", row, WIDTH);
        }
        int size = WIDTH / HEADS;
        for (int t = 0; t < CONTEXT; t++) {
            double[] joined = new double[WIDTH];
            for (int first = 0; first < WIDTH; first += size) {
                double[] weights = new double[CONTEXT];
                double sum = 0;
                for (int s = 0; s < CONTEXT; s++) {
                    double dot = 0;
                    for (int i = first; i < first + size; i++) {
                        dot += q[t][i] * k[s][i];
                    }
                    weights[s] = Math.exp(dot / Math.sqrt(size));
                    sum += weights[s];
                }
                for (int s = 0; s < CONTEXT; s++) {
                    for (int i = first; i < first + size; i++) {
                        joined[i] += weights[s] / sum * v[s][i];
                    }
                }
            }
            double[] out = linear(name + "self_attn.out_proj", joined, WIDTH);
            double[] row = x[t];
            Arrays.setAll(row, i -> row[i] + out[i]);
        }
    }

    private double[] linear(String name, double[] x, int out) {
        float[] weight = file.floats(name + ".weight");
        float[] bias = file.floats(name + ".bias");
        double[] y = new double[out];
        for (int o = 0; o < out; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] normed(String name, double[] x) {
        float[] weight = file.floats(name + ".weight");
        float[] bias = file.floats(name + ".bias");
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight[i] + bias[i]);
        return y;
    }
}
