package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * EVA-02's vision transformer as CLIP image tower (Fang et al. 2023, section 2.1; Sun et al. 2023),
 * in the names of EVA-CLIP, old and new ({@code visual.}), and of timm ({@code visual.trunk.}).
 * Input: pixels [n, 3, size, size], normalised.
 */
public final class EvaVision implements Tower {
    private static final double EPSILON = 1e-6;
    private static final double THETA = 10_000;

    private final Parameters parameters;
    private final int heads;
    private final int turns;
    private final String prefix;
    private final int depth;
    private final Rotation rotation;

    /** Cosines and sines [patches, head size], each pair's twice. */
    private record Rotation(Tensor cosines, Tensor sines) {}

    /**
     * A tower over its tensors.
     *
     * @param heads of attention
     * @param turns grid that rotary positions are stretched to, 16 in all released models
     */
    public EvaVision(Parameters parameters, int heads, int turns) {
        this.parameters = parameters;
        this.heads = heads;
        this.turns = turns;
        prefix = parameters.has("visual.trunk.cls_token") ? "visual.trunk." : "visual.";
        int blocks = 0;
        while (parameters.has(prefix + "blocks." + blocks + ".norm1.weight")) {
            blocks++;
        }
        depth = blocks;
        Tensor positions = parameters.get(prefix + "pos_embed");
        int grid = (int) Math.round(Math.sqrt(positions.size(1) - 1.0));
        rotation = rotation(grid, Math.toIntExact(positions.size(2)) / heads);
    }

    /** Whether a checkpoint's tensor belongs to such a tower; rotary tables are counted anew. */
    public static boolean owns(String name) {
        return name.startsWith("visual.") && !name.contains("rope.");
    }

    @Override
    public Tensor forward(Tensor pixels, boolean training) {
        Tensor x = tokens(pixels);
        for (int i = 0; i < depth; i++) {
            x = block(x, prefix + "blocks." + i + ".");
        }
        String head = parameters.firstOf("visual.head.weight", "visual.trunk.head.weight");
        Tensor pooled = norm(x, prefix + "norm").select(1, 0);
        return linear(pooled, head.substring(0, head.length() - ".weight".length()));
    }

    private Tensor tokens(Tensor pixels) {
        Tensor kernel = parameters.get(prefix + "patch_embed.proj.weight");
        int side = Math.toIntExact(kernel.size(3));
        Tensor bias = parameters.get(prefix + "patch_embed.proj.bias");
        Tensor seen = Nn.conv2d(pixels, kernel, bias, side, 0, 1).flatten(2).transpose(1, 2);
        Tensor first = parameters.get(prefix + "cls_token").reshape(1, 1, -1);
        Tensor classes = first.expand(seen.size(0), 1, seen.size(2));
        return Tensors.concat(1, classes, seen.to(classes.kind()))
                .plus(parameters.get(prefix + "pos_embed"));
    }

    private Tensor block(Tensor x, String block) {
        Tensor normed = norm(x, block + "norm1");
        String attn = block + "attn.";
        Tensor q = turned(split(project(normed, attn, "q")));
        Tensor k = turned(split(project(normed, attn, "k")));
        Tensor v = split(project(normed, attn, "v"));
        Tensor joined = Nn.attention(q, k, v, false).transpose(1, 2).reshape(x.shape());
        Tensor inner = norm(joined, trimmed(attn + "inner_attn_ln", attn + "norm"));
        x = x.plus(linear(inner, attn + "proj"));
        Tensor rows = norm(x, block + "norm2");
        String mlp = block + "mlp.";
        Tensor gate = Nn.silu(linear(rows, trimmed(mlp + "w1", mlp + "fc1_g")));
        Tensor gated = gate.times(linear(rows, trimmed(mlp + "w2", mlp + "fc1_x")));
        Tensor normedGate = norm(gated, trimmed(mlp + "ffn_ln", mlp + "norm"));
        return x.plus(linear(normedGate, trimmed(mlp + "w3", mlp + "fc2")));
    }

    /** Query, key (no bias) or value rows; the bias may stand apart from its matrix. */
    private Tensor project(Tensor x, String attn, String part) {
        Tensor weight = parameters.get(attn + part + "_proj.weight");
        for (String bias : new String[] {attn + part + "_proj.bias", attn + part + "_bias"}) {
            if (parameters.has(bias)) {
                return Nn.linear(x, weight, parameters.get(bias));
            }
        }
        return Nn.linear(x, weight, null);
    }

    private Tensor split(Tensor rows) {
        return rows.reshape(rows.size(0), rows.size(1), heads, -1).transpose(1, 2);
    }

    /** Turns neighbouring pairs of all tokens but the first. */
    private Tensor turned(Tensor x) {
        Tensor seen = x.narrow(2, 1, x.size(2) - 1);
        long[] shape = seen.shape();
        Tensor pairs = seen.reshape(shape[0], shape[1], shape[2], shape[3] / 2, 2);
        Tensor swapped =
                Tensors.stack(
                                4,
                                java.util.List.of(pairs.select(4, 1).negated(), pairs.select(4, 0)))
                        .reshape(shape);
        Tensor turned =
                seen.times(rotation.cosines().besides(x))
                        .plus(swapped.times(rotation.sines().besides(x)));
        return Tensors.concat(2, x.narrow(2, 0, 1), turned.to(x.kind()));
    }

    /** Half of a head's pairs turn with the patch's row, the other half with its column. */
    private Rotation rotation(int grid, int headSize) {
        int pairs = headSize / 2;
        int size = grid * grid;
        float[] cosines = new float[size * headSize];
        float[] sines = new float[size * headSize];
        for (int p = 0; p < size; p++) {
            for (int i = 0; i < headSize; i++) {
                int place = i < pairs ? p / grid : p % grid;
                int pair = i % pairs / 2;
                double angle = (double) place / grid * turns * Math.pow(THETA, -2.0 * pair / pairs);
                cosines[p * headSize + i] = (float) Math.cos(angle);
                sines[p * headSize + i] = (float) Math.sin(angle);
            }
        }
        return new Rotation(
                Tensors.of(cosines, size, headSize).kept(),
                Tensors.of(sines, size, headSize).kept());
    }

    private String trimmed(String one, String other) {
        return parameters.has(one + ".weight") ? one : other;
    }

    private Tensor norm(Tensor x, String name) {
        return Nn.layerNorm(
                x, parameters.get(name + ".weight"), parameters.get(name + ".bias"), EPSILON);
    }

    private Tensor linear(Tensor x, String name) {
        return Nn.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"));
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new EvaVision(other, heads, turns);
    }

    @Override
    public int depth() {
        return depth;
    }
}
