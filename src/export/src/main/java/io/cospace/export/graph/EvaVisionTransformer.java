package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;

/**
 * EVA-02's vision transformer as CLIP image tower (Fang et al. 2023, "EVA-02", section 2.1; Sun et
 * al. 2023, "EVA-CLIP"; {@code eva_vit_model.py} of EVA-CLIP, timm {@code Eva}): absolute and
 * two-dimensional rotary positions, norms inside attention and feed-forward layers, SwiGLU.
 *
 * <p>Input: {@code pixels} fp32 [n, 3, size, size], RGB. Output: {@code embedding} fp32 [n, D],
 * unit vectors that the head makes of the class token behind the final norm.
 *
 * <p>Tensors: {@code patch} with bias, {@code class} [1, 1, w], {@code positions} [1, 1 + g * g,
 * w], {@code post}, and for block i under {@code blocks.i.}: {@code norm1, query, key} (no bias),
 * {@code value, inner, out, norm2, gate, up, ffn, down}.
 */
final class EvaVisionTransformer implements Network {
    private static final float EPSILON = 1e-6f;
    private static final double THETA = 10_000;

    private final Config config;
    private final Weights weights;
    private final Head head;
    private final Patches patches;
    private final PositionTable positions;
    private final int width;
    private final int blocks;

    /**
     * What the tensors do not tell by their shapes.
     *
     * @param size of the image's sides in pixels
     * @param heads of attention
     * @param turns grid that the rotary positions are squeezed or stretched to: 16 for all released
     *     models
     * @param resizing of positions that were trained with another size
     */
    record Config(int size, int heads, int turns, PositionGrid.Method resizing) {}

    EvaVisionTransformer(Config config, Weights weights, Head head) {
        this.config = config;
        this.weights = weights;
        this.head = head;
        width = weights.rows("patch.weight");
        int patch = Math.toIntExact(weights.info("patch.weight").size(3));
        patches = new Patches(config.size(), patch, Patches.Order.CHANNEL_FIRST);
        blocks = PreNormBlocks.count(weights);
        if (width % (4 * config.heads()) != 0) {
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
        Layers.Residual x = tokens(target, net, pixels, sequences);
        Value cosines = table(g, "rotary.cosines", false);
        Value sines = table(g, "rotary.sines", true);
        for (int i = 0; i < blocks; i++) {
            x = block(net, sequences, cosines, sines, i, x);
        }
        Value images = sequences.pad(x.normed(), width);
        Value pooled = g.node("Gather").set("axis", 1).apply(images, g.integer(0));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    private Layers.Residual tokens(Target target, Layers net, Value pixels, Sequences sequences) {
        GraphBuilder g = target.graph();
        Linear patch = Linear.of(Role.PATCH, "patch");
        Value embedded = net.linear(patch, patches.rows(g, pixels));
        Value seen = Ops.reshape(g, embedded, -1, patches.count(), width);
        Value first = Ops.repeat(g, net.tensor("class"), pixels);
        Value all = g.node("Concat").set("axis", 1).apply(first, seen);
        Layers.Residual x = net.residual("blocks.0.norm1", EPSILON, all, positions.value(target));
        return new Layers.Residual(
                sequences.unpad(x.sum(), width), sequences.unpad(x.normed(), width));
    }

    /**
     * Cosines or sines [1 + patches, headSize / 2]: the first half of a head's pairs turns with the
     * patch's row, the second with its column; the class token is not turned. Angle of place p and
     * pair k: {@code p / grid * turns * theta ^ (-2 k / (headSize / 2))}.
     */
    private Value table(GraphBuilder g, String name, boolean sines) {
        int pairs = width / config.heads() / 2;
        double[] angles = angles(patches.grid(), config.turns(), pairs);
        float[] table = new float[pairs + angles.length];
        for (int k = 0; k < pairs; k++) {
            table[k] = sines ? 0 : 1;
        }
        for (int i = 0; i < angles.length; i++) {
            table[pairs + i] = (float) (sines ? Math.sin(angles[i]) : Math.cos(angles[i]));
        }
        return g.floats(name, table, patches.count() + 1L, pairs);
    }

    /** Angle of each patch and pair, [grid * grid, pairs]. */
    static double[] angles(int grid, int turns, int pairs) {
        double[] frequencies = RotaryAngles.plain(THETA, pairs);
        double[] angles = new double[grid * grid * pairs];
        for (int p = 0; p < grid * grid; p++) {
            for (int k = 0; k < pairs; k++) {
                int place = k < pairs / 2 ? p / grid : p % grid;
                angles[p * pairs + k] =
                        (double) place / grid * turns * frequencies[k % (pairs / 2)];
            }
        }
        return angles;
    }

    private Layers.Residual block(
            Layers net, Sequences sequences, Value cosines, Value sines, int i, Layers.Residual x) {
        String name = "blocks." + i + ".";
        GraphBuilder g = net.graph();
        Value q = net.linear(Linear.of(Role.QUERY, name + "query"), x.normed());
        Value k = net.linear(Linear.of(Role.KEY, name + "key").withoutBias(), x.normed());
        Value v = net.linear(Linear.of(Role.VALUE, name + "value"), x.normed());
        Value joined =
                net.attention(
                        AttentionShape.of(config.heads()),
                        turned(g, sequences.pad(q, width), cosines, sines),
                        turned(g, sequences.pad(k, width), cosines, sines),
                        sequences.pad(v, width),
                        sequences.lengths());
        Value inner = net.layerNorm(name + "inner", EPSILON, sequences.unpad(joined, width));
        Layers.Residual attended =
                net.residual(
                        name + "norm2",
                        EPSILON,
                        Linear.of(Role.ATTENTION_OUTPUT, name + "out"),
                        inner,
                        x.sum());
        Value gated =
                net.swiGlu(
                        Linear.of(Role.FEED_FORWARD_GATE, name + "gate"),
                        Linear.of(Role.FEED_FORWARD_UP, name + "up"),
                        attended.normed());
        return net.residual(
                i == blocks - 1 ? "post" : "blocks." + (i + 1) + ".norm1",
                EPSILON,
                Linear.of(Role.FEED_FORWARD_DOWN, name + "down"),
                net.layerNorm(name + "ffn", EPSILON, gated),
                attended.sum());
    }

    /** Pairs lie side by side here, where Llama's lie half a head apart. */
    private Value turned(GraphBuilder g, Value x, Value cosines, Value sines) {
        Value images = g.node("Shape").set("start", 0).set("end", 1).apply(x);
        Value places = g.integers(patches.count() + 1L);
        Value numbers =
                g.node("Range").apply(g.integer(0), g.integer(patches.count() + 1L), g.integer(1));
        Value positions =
                g.node("Expand")
                        .apply(
                                Ops.unsqueeze(g, numbers, 0),
                                g.node("Concat").set("axis", 0).apply(images, places));
        return g.node("RotaryEmbedding")
                .set("interleaved", 1)
                .set("num_heads", config.heads())
                .apply(x, cosines, sines, positions);
    }
}
