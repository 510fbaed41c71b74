package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * CLIP's vision transformer (Radford et al. 2021, section 2.4; {@code VisionTransformer} of OpenAI
 * CLIP and open_clip, {@code CLIPVisionModelWithProjection} of Hugging Face): class token, learned
 * positions, LayerNorm before the blocks, and either the class token or the mean of the patches
 * (LIFT, Yang et al. 2025) behind the final norm.
 *
 * <p>Input: {@code pixels} fp32 [n, 3, size, size], RGB. Output: {@code embedding} fp32 [n, D],
 * unit vectors that the head makes of the pooled row.
 *
 * <p>Tensors: {@code patch.weight} [w, 3, p, p], {@code class} [w], {@code positions} [1 + g * g,
 * w], {@code pre}, {@code post}, and the blocks of {@link PreNormBlocks}.
 */
final class VisionTransformer implements Network {
    private final Config config;
    private final Weights weights;
    private final Head head;
    private final Patches patches;
    private final PositionTable positions;
    private final int width;

    /** What is read behind the final norm. */
    enum Pooling {
        CLASS_TOKEN,
        MEAN_OF_PATCHES
    }

    /**
     * What the tensors do not tell by their shapes.
     *
     * @param size of the image's sides in pixels
     * @param heads of attention
     * @param epsilon of every LayerNorm
     * @param resizing of positions that were trained with another size
     */
    record Config(
            int size,
            int heads,
            float epsilon,
            Activation activation,
            Pooling pooling,
            PositionGrid.Method resizing) {}

    VisionTransformer(Config config, Weights weights, Head head) {
        this.config = config;
        this.weights = weights;
        this.head = head;
        width = weights.rows("patch.weight");
        int patch = Math.toIntExact(weights.info("patch.weight").size(3));
        patches = new Patches(config.size(), patch, Patches.Order.CHANNEL_FIRST);
        if (width % config.heads() != 0) {
            throw new IllegalArgumentException(
                    "width %d with %d heads".formatted(width, config.heads()));
        }
        positions =
                new PositionTable(
                        weights.slice("positions"), 1, width, patches.grid(), config.resizing());
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value pixels = patches.pixels(g);
        Sequences sequences = new FixedSequences(g, patches.count() + 1L);
        Value x = tokens(target, net, pixels, sequences);
        PreNormBlocks blocks =
                new PreNormBlocks(
                        net,
                        width,
                        AttentionShape.of(config.heads()),
                        config.epsilon(),
                        config.activation());
        Value normed = net.layerNorm("blocks.0.norm1", config.epsilon(), x);
        Optional<Selection> kept =
                config.pooling() == Pooling.CLASS_TOKEN
                        ? Optional.of(classTokens(g, pixels))
                        : Optional.empty();
        Value rows = blocks.apply(new Layers.Residual(x, normed), sequences, "post", kept);
        Value pooled = kept.isPresent() ? rows : meanOfPatches(g, sequences.pad(rows, width));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    /** Rows [n * (1 + patches), w] behind the norm before the blocks. */
    private Value tokens(Target target, Layers net, Value pixels, Sequences sequences) {
        GraphBuilder g = net.graph();
        Linear patch = Linear.of(Role.PATCH, "patch").withoutBias();
        Value embedded = net.linear(patch, patches.rows(g, pixels));
        Value seen = Ops.reshape(g, embedded, -1, patches.count(), width);
        Value first = Ops.repeat(g, Ops.reshape(g, net.tensor("class"), 1, 1, width), pixels);
        Value all = g.node("Concat").set("axis", 1).apply(first, seen);
        Value positioned = net.addNorm("pre", config.epsilon(), all, positions.value(target));
        return sequences.unpad(positioned, width);
    }

    private Selection classTokens(GraphBuilder g, Value pixels) {
        Value images = Ops.size(g, pixels, 0);
        Value numbers = g.node("Range").apply(g.integer(0), images, g.integer(1));
        Value rows = g.node("Mul").apply(numbers, g.integer(patches.count() + 1L));
        return new Selection(rows, Value.NONE);
    }

    private Value meanOfPatches(GraphBuilder g, Value sequences) {
        Value seen =
                g.node("Slice")
                        .apply(
                                sequences,
                                g.integers(1),
                                g.integers(patches.count() + 1L),
                                g.integers(1));
        return g.node("ReduceMean").set("keepdims", 0).apply(seen, g.integers(1));
    }
}
