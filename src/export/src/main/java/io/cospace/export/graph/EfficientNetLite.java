package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;

/**
 * EfficientNet-Lite, an image backbone of inverted residuals with depthwise convolutions, ReLU6 and
 * no squeeze-and-excite (Tan and Le 2019, table 1; Liu 2020, "Higher accuracy on vision models with
 * EfficientNet-Lite"; timm {@code tf_efficientnet_lite*} and {@code efficientnet_lite*}).
 *
 * <p>Input: {@code pixels} fp32 [n, 3, size, size], RGB. Output: {@code embedding} fp32 [n, D],
 * unit vectors that the head makes of the mean of the last map over its area.
 *
 * <p>Weights: timm names. Kernel sizes, widths and numbers of blocks are read from the tensors'
 * shapes. Each BatchNormalization stays a node over the reference tensors; ONNX Runtime folds it
 * into the convolution before it when the model is loaded.
 */
public final class EfficientNetLite implements Network {
    /** Step of the first block of each stage; the others have 1. The stem's is 2. */
    private static final int[] STRIDES = {1, 2, 2, 2, 1, 2, 1};

    private static final float CEILING = 6f;

    /** Sides of the grid of means, where the head wants one. */
    private static final int GRID = 2;

    private final Config config;
    private final Weights weights;
    private final Head head;
    private final boolean grid;

    /** How a convolution with step s sees the border of its input. */
    public enum Padding {
        /** k/2 zeros on every side, as torch does it. */
        SYMMETRIC,
        /**
         * As many zeros as the output of size ceil(in / s) needs, the smaller half before:
         * TensorFlow's SAME.
         */
        SAME
    }

    /**
     * What the tensors do not tell by their shapes.
     *
     * @param size of the image's sides in pixels
     * @param padding of every convolution
     * @param epsilon of every BatchNorm
     */
    public record Config(int size, Padding padding, float epsilon) {
        public Config {
            if (size < 1 || !(epsilon > 0)) {
                throw new IllegalArgumentException(
                        "size %d, epsilon %s: must be positive".formatted(size, epsilon));
            }
        }
    }

    /** A map [n, channels, side, side]. */
    private record FeatureMap(Value value, long channels, int side) {}

    public EfficientNetLite(Config config, Weights weights, Head head) {
        this(config, weights, head, false);
    }

    private EfficientNetLite(Config config, Weights weights, Head head, boolean grid) {
        this.config = config;
        this.weights = weights;
        this.head = head;
        this.grid = grid;
        int features = weights.rows("conv_head.weight");
        if (grid) {
            features += GRID * GRID * weights.columns("conv_head.weight");
        }
        if (head.features() != features) {
            throw new IllegalArgumentException(
                    "the head takes %d features; the backbone gives %d"
                            .formatted(head.features(), features));
        }
    }

    /**
     * A backbone whose features end in the means of the last block's map, before the head's
     * convolution, over a grid of 2 x 2 cells: channel by channel, each row by row. Where the map's
     * side is odd, its middle rows and columns belong to both cells.
     */
    public static EfficientNetLite withGrid(Config config, Weights weights, Head head) {
        return new EfficientNetLite(config, weights, head, true);
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Value embedding = head.embedding(target, pooled(target));
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    /** The backbone alone: {@code pixels} to {@code pooled} fp32 [n, d]. */
    public Network backbone() {
        return target -> {
            Value pooled = pooled(target);
            Shape shape = Shape.of("n").by(head.features());
            target.graph().output("pooled", pooled, DataType.FLOAT, shape);
        };
    }

    private Value pooled(Target target) {
        GraphBuilder g = target.graph();
        Shape shape = Shape.of("n").by(3, config.size(), config.size());
        Value pixels = g.input("pixels", DataType.FLOAT, shape);
        FeatureMap map = new FeatureMap(pixels, 3, config.size());
        map = clipped(target, convolution(target, map, "conv_stem", "bn1", 2));
        for (int stage = 0; stage < STRIDES.length; stage++) {
            for (int block = 0; weights.has(name(stage, block, "bn1.weight")); block++) {
                int stride = block == 0 ? STRIDES[stage] : 1;
                map = block(target, map, name(stage, block, ""), stride);
            }
        }
        FeatureMap last = clipped(target, convolution(target, map, "conv_head", "bn2", 1));
        Value mean = g.node("GlobalAveragePool").apply(last.value());
        Value pooled = g.node("Flatten").apply(mean);
        return grid ? g.node("Concat").set("axis", 1).apply(pooled, cellMeans(g, map)) : pooled;
    }

    private static Value cellMeans(GraphBuilder g, FeatureMap map) {
        long side = Math.ceilDiv(map.side(), GRID);
        long step = map.side() / GRID;
        Value cells =
                g.node("AveragePool")
                        .set("kernel_shape", side, side)
                        .set("strides", step, step)
                        .apply(map.value());
        return g.node("Flatten").apply(cells);
    }

    private static String name(int stage, int block, String tensor) {
        return "blocks." + stage + "." + block + "." + tensor;
    }

    private FeatureMap block(Target target, FeatureMap input, String name, int stride) {
        return weights.has(name + "conv_pwl.weight")
                ? invertedResidual(target, input, name, stride)
                : separable(target, input, name, stride);
    }

    /** Depthwise, then pointwise; the first stage has no expansion. */
    private FeatureMap separable(Target target, FeatureMap input, String name, int stride) {
        FeatureMap map =
                clipped(target, convolution(target, input, name + "conv_dw", name + "bn1", stride));
        map = convolution(target, map, name + "conv_pw", name + "bn2", 1);
        return added(target, input, map, stride);
    }

    /** Pointwise to a wider map, depthwise, pointwise to a narrow one. */
    private FeatureMap invertedResidual(Target target, FeatureMap input, String name, int stride) {
        FeatureMap map =
                clipped(target, convolution(target, input, name + "conv_pw", name + "bn1", 1));
        map = clipped(target, convolution(target, map, name + "conv_dw", name + "bn2", stride));
        map = convolution(target, map, name + "conv_pwl", name + "bn3", 1);
        return added(target, input, map, stride);
    }

    /** The block's input is added where it has the shape of its output. */
    private FeatureMap added(Target target, FeatureMap input, FeatureMap output, int stride) {
        if (stride != 1 || input.channels() != output.channels()) {
            return output;
        }
        Value sum = target.graph().node("Add").apply(output.value(), input.value());
        return new FeatureMap(sum, output.channels(), output.side());
    }

    private FeatureMap convolution(
            Target target, FeatureMap input, String conv, String norm, int stride) {
        Slice weight = weights.slice(conv + ".weight");
        int kernel = Math.toIntExact(weight.info().size(2));
        boolean depthwise = conv.endsWith("conv_dw");
        int out = Math.ceilDiv(input.side(), stride);
        int before = kernel / 2;
        int after = kernel / 2;
        if (config.padding() == Padding.SAME) {
            int total = Math.max((out - 1) * stride + kernel - input.side(), 0);
            before = total / 2;
            after = total - before;
        }
        GraphBuilder g = target.graph();
        Value map =
                g.node("Conv")
                        .set("kernel_shape", kernel, kernel)
                        .set("strides", stride, stride)
                        .set("pads", before, before, after, after)
                        .set("group", depthwise ? weight.info().size(0) : 1)
                        .apply(input.value(), target.single(weight));
        int side = (input.side() + before + after - kernel) / stride + 1;
        return new FeatureMap(batchNorm(target, map, norm), weight.info().size(0), side);
    }

    private Value batchNorm(Target target, Value map, String norm) {
        return target.graph()
                .node("BatchNormalization")
                .set("epsilon", config.epsilon())
                .apply(
                        map,
                        target.single(weights.slice(norm + ".weight")),
                        target.single(weights.slice(norm + ".bias")),
                        target.single(weights.slice(norm + ".running_mean")),
                        target.single(weights.slice(norm + ".running_var")));
    }

    private static FeatureMap clipped(Target target, FeatureMap map) {
        GraphBuilder g = target.graph();
        Value value = g.node("Clip").apply(map.value(), g.number(0f), g.number(CEILING));
        return new FeatureMap(value, map.channels(), map.side());
    }
}
