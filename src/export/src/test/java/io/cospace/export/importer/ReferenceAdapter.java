package io.cospace.export.importer;

import io.cospace.export.checkpoint.TensorSource;

/**
 * LLM2CLIP's and ProCLIP's text adapter in plain double arithmetic, straight from its formula: what
 * graphs are compared with. x = n(t) if normalised; N times x += W2 gelu(W1 LN(x) + b1) + b2; LN; W
 * x + b.
 */
record ReferenceAdapter(TensorSource weights, String prefix, int blocks, boolean normaliseInput) {
    private static final double EPSILON = 1e-5;

    float[] apply(float[] row) {
        double[] x = new double[row.length];
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = normaliseInput ? row[i] / Math.sqrt(square) : row[i];
        }
        for (int block = 0; block < blocks; block++) {
            double[] inner = linear(block + ".fn.0", layerNorm(block + ".ln", x));
            for (int i = 0; i < inner.length; i++) {
                inner[i] = 0.5 * inner[i] * (1 + erf(inner[i] / Math.sqrt(2)));
            }
            double[] added = linear(block + ".fn.3", inner);
            for (int i = 0; i < x.length; i++) {
                x[i] += added[i];
            }
        }
        double[] result = linear((blocks + 1) + "", layerNorm(blocks + "", x));
        float[] floats = new float[result.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) result[i];
        }
        return floats;
    }

    private double[] layerNorm(String name, double[] x) {
        float[] weight = weights.floats(prefix + name + ".weight");
        float[] bias = weights.floats(prefix + name + ".bias");
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight[i] + bias[i];
        }
        return result;
    }

    private double[] linear(String name, double[] x) {
        float[] weight = weights.floats(prefix + name + ".weight");
        float[] bias = weights.floats(prefix + name + ".bias");
        double[] result = new double[bias.length];
        for (int row = 0; row < result.length; row++) {
            result[row] = bias[row];
            for (int i = 0; i < x.length; i++) {
                result[row] += weight[row * x.length + i] * x[i];
            }
        }
        return result;
    }

    /** Error function by its Maclaurin series, to 1e-12 for |z| below 5. */
    private static double erf(double z) {
        if (Math.abs(z) > 5) {
            return Math.signum(z);
        }
        double term = z;
        double sum = z;
        for (int n = 1; Math.abs(term) > 1e-17 && n < 200; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
