package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * SigLIP's vision transformer (Zhai et al. 2023, section 3; Tschannen et al. 2025, "SigLIP 2"; timm
 * {@code vit_*_siglip}, Hugging Face {@code SiglipVisionModel}): patches only, and attention
 * pooling by one learned query with a feed-forward block behind it.
 *
 * <p>Input: {@code pixels} fp32 [n, 3, size, size], RGB. Output: {@code embedding} fp32 [n, w], the
 * pooled row at unit length.
 *
 * <p>Tensors: {@code patch} with bias, {@code positions} [g * g, w], {@code post}, the blocks of
 * {@link PreNormBlocks}, and under {@code pool.}: {@code latent, query, key, value, out, norm, up,
 * down}.
 */
final class SiglipVisionTransformer implements Network {
    private final Config config;
    private final Weights weights;
    private final Patches patches;
    private final PositionTable positions;
    private final int width;

    /**
     * What the tensors do not tell by their shapes.
     *
     * @param patches how an image is cut
     * @param heads of attention, in the blocks and in the pooling
     * @param epsilon of every LayerNorm
     * @param activation of every feed-forward layer; it differs between the released models
     * @param resizing of positions that were trained with another size
     */
    record Config(
            Patches patches,
            int heads,
            float epsilon,
            Activation activation,
            PositionGrid.Method resizing) {}

    SiglipVisionTransformer(Config config, Weights weights) {
        this.config = config;
        this.weights = weights;
        patches = config.patches();
        width = weights.rows("patch.weight");
        if (width % config.heads() != 0) {
            throw new IllegalArgumentException(
                    "width %d with %d heads".formatted(width, config.heads()));
        }
        positions =
                new PositionTable(
                        weights.slice("positions"), 0, width, patches.grid(), config.resizing());
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value pixels = patches.pixels(g);
        Sequences sequences = new FixedSequences(g, patches.count());
        Value seen =
                sequences.pad(
                        net.linear(Linear.of(Role.PATCH, "patch"), patches.rows(g, pixels)), width);
        Layers.Residual x =
                net.residual("blocks.0.norm1", config.epsilon(), seen, positions.value(target));
        Layers.Residual rows =
                new Layers.Residual(
                        sequences.unpad(x.sum(), width), sequences.unpad(x.normed(), width));
        PreNormBlocks blocks =
                new PreNormBlocks(
                        net,
                        width,
                        AttentionShape.of(config.heads()),
                        config.epsilon(),
                        config.activation());
        Value last = blocks.apply(rows, sequences, "post", Optional.empty());
        Value embedding = Ops.l2Normalise(g, pooled(net, sequences, last, pixels));
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(width));
    }

    private Value pooled(Layers net, Sequences sequences, Value rows, Value pixels) {
        GraphBuilder g = net.graph();
        Value latent = Ops.reshape(g, net.tensor("pool.latent"), 1, width);
        Value query = net.exact(Linear.of(Role.QUERY, "pool.query"), latent);
        Value joined =
                net.attention(
                        AttentionShape.of(config.heads()),
                        Ops.repeat(g, Ops.unsqueeze(g, query, 0), pixels),
                        sequences.pad(net.linear(Linear.of(Role.KEY, "pool.key"), rows), width),
                        sequences.pad(net.linear(Linear.of(Role.VALUE, "pool.value"), rows), width),
                        Value.NONE);
        Value y =
                net.linear(
                        Linear.of(Role.ATTENTION_OUTPUT, "pool.out"),
                        Ops.reshape(g, joined, -1, width));
        Value normed = net.layerNorm("pool.norm", config.epsilon(), y);
        Linear up = config.activation().before(Linear.of(Role.FEED_FORWARD_UP, "pool.up"));
        Linear down = config.activation().behind(Linear.of(Role.FEED_FORWARD_DOWN, "pool.down"));
        Value inner = net.activated(config.activation(), net.linear(up, normed));
        return g.node("Add").apply(y, net.linear(down, inner));
    }
}
