package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * CLIP's residual blocks, which normalise first (Radford et al. 2021, section 2.4), in the names of
 * OpenAI ({@code transformer.resblocks.i.}, query, key and value packed) or of Hugging Face ({@code
 * encoder.layers.i.}, apart).
 */
final class ClipBlocks {
    private static final double EPSILON = 1e-5;

    private final Parameters parameters;
    private final String prefix;
    private final boolean packed;
    private final int heads;
    private final Activation activation;
    private final int count;

    ClipBlocks(Parameters parameters, String owner, int heads, Activation activation) {
        this.parameters = parameters;
        this.heads = heads;
        this.activation = activation;
        packed = parameters.has(owner + "transformer.resblocks.0.ln_1.weight");
        prefix = owner + (packed ? "transformer.resblocks." : "encoder.layers.");
        int blocks = 0;
        while (parameters.has(
                prefix + blocks + (packed ? ".ln_1.weight" : ".layer_norm1.weight"))) {
            blocks++;
        }
        if (blocks == 0) {
            throw new IllegalArgumentException("no block of a transformer under " + prefix);
        }
        count = blocks;
    }

    int count() {
        return count;
    }

    /** Rows [n, t, w] to rows. */
    Tensor apply(Tensor x, boolean causal) {
        for (int i = 0; i < count; i++) {
            x =
                    packed
                            ? openAi(x, prefix + i + ".", causal)
                            : huggingFace(x, prefix + i + ".", causal);
        }
        return x;
    }

    private Tensor openAi(Tensor x, String block, boolean causal) {
        Tensor normed = norm(x, block + "ln_1");
        Tensor packedRows =
                Nn.linear(
                        normed,
                        parameters.get(block + "attn.in_proj_weight"),
                        parameters.get(block + "attn.in_proj_bias"));
        x = x.plus(linear(attend(packedRows, causal), block + "attn.out_proj"));
        Tensor inner = activation.apply(linear(norm(x, block + "ln_2"), block + "mlp.c_fc"));
        return x.plus(linear(inner, block + "mlp.c_proj"));
    }

    private Tensor huggingFace(Tensor x, String block, boolean causal) {
        Tensor normed = norm(x, block + "layer_norm1");
        Tensor rows =
                Tensors.concat(
                        2,
                        linear(normed, block + "self_attn.q_proj"),
                        linear(normed, block + "self_attn.k_proj"),
                        linear(normed, block + "self_attn.v_proj"));
        x = x.plus(linear(attend(rows, causal), block + "self_attn.out_proj"));
        Tensor inner = activation.apply(linear(norm(x, block + "layer_norm2"), block + "mlp.fc1"));
        return x.plus(linear(inner, block + "mlp.fc2"));
    }

    /** [n, t, 3 w] to [n, t, w]. */
    private Tensor attend(Tensor rows, boolean causal) {
        long n = rows.size(0);
        long t = rows.size(1);
        long w = rows.size(2) / 3;
        Tensor parts = rows.reshape(n, t, 3, heads, w / heads).permute(2, 0, 3, 1, 4);
        Tensor joined =
                Nn.attention(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), causal);
        return joined.transpose(1, 2).reshape(n, t, w);
    }

    private Tensor norm(Tensor x, String name) {
        return norm(parameters, x, name);
    }

    private Tensor linear(Tensor x, String name) {
        return Nn.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"));
    }

    static Tensor norm(Parameters parameters, Tensor x, String name) {
        return Nn.layerNorm(
                x, parameters.get(name + ".weight"), parameters.get(name + ".bias"), EPSILON);
    }
}
