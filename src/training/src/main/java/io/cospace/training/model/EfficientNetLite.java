package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * EfficientNet-Lite in timm's names (Tan and Le 2019, table 1; Liu 2020), from pixels [n, 3, size,
 * size] to the mean of the last map over its area, [n, d]. BatchNorm keeps the statistics it came
 * with and trains scale and shift only: small batches would spoil the statistics, and processes
 * would disagree on them.
 */
public final class EfficientNetLite implements Tower {
    private static final int[] STRIDES = {1, 2, 2, 2, 1, 2, 1};

    private final Parameters parameters;
    private final Border border;
    private final double epsilon;

    /** How a convolution with a step sees the border. */
    public enum Border {
        /** k/2 zeros on every side, as torch has it. */
        SYMMETRIC,
        /** As few zeros as needed, the smaller half before: TensorFlow's SAME. */
        SAME
    }

    /**
     * A backbone over its tensors.
     *
     * @param epsilon of BatchNorm: 1e-3 for weights that come from TensorFlow, else 1e-5
     */
    public EfficientNetLite(Parameters parameters, Border border, double epsilon) {
        this.parameters = parameters;
        this.border = border;
        this.epsilon = epsilon;
    }

    /** Whether a checkpoint's tensor belongs to the backbone; the classifier does not. */
    public static boolean owns(String name) {
        return name.startsWith("conv_stem.")
                || name.startsWith("conv_head.")
                || name.startsWith("bn1.")
                || name.startsWith("bn2.")
                || name.startsWith("blocks.");
    }

    @Override
    public Tensor forward(Tensor pixels, boolean training) {
        Tensor map = Nn.relu6(convolution(lastMap(pixels), "conv_head", "bn2", 1));
        return map.flatten(2).mean(2);
    }

    /**
     * The pooled features and, behind them, the means of the last block's map over 2 x 2 cells,
     * channel by channel: what {@link FeatureHead} reads, [n, d + 4 c].
     */
    public Tensor featuresAndGrid(Tensor pixels) {
        Tensor map = lastMap(pixels);
        Tensor head = Nn.relu6(convolution(map, "conv_head", "bn2", 1));
        return Tensors.concat(1, head.flatten(2).mean(2), Nn.cellMeans(map, 2).flatten(1));
    }

    /** The last block's map [n, c, h, w], before the head's convolution. */
    public Tensor lastMap(Tensor pixels) {
        Tensor map = Nn.relu6(convolution(pixels, "conv_stem", "bn1", 2));
        for (int stage = 0; stage < STRIDES.length; stage++) {
            for (int block = 0; parameters.has(name(stage, block) + "bn1.weight"); block++) {
                map = block(map, name(stage, block), block == 0 ? STRIDES[stage] : 1);
            }
        }
        return map;
    }

    private Tensor block(Tensor x, String block, int stride) {
        Tensor y;
        if (parameters.has(block + "conv_pwl.weight")) {
            y = Nn.relu6(convolution(x, block + "conv_pw", block + "bn1", 1));
            y = Nn.relu6(convolution(y, block + "conv_dw", block + "bn2", stride));
            y = convolution(y, block + "conv_pwl", block + "bn3", 1);
        } else {
            y = Nn.relu6(convolution(x, block + "conv_dw", block + "bn1", stride));
            y = convolution(y, block + "conv_pw", block + "bn2", 1);
        }
        return stride == 1 && y.size(1) == x.size(1) ? x.plus(y) : y;
    }

    private Tensor convolution(Tensor x, String conv, String norm, int stride) {
        Tensor kernel = parameters.get(conv + ".weight");
        int side = Math.toIntExact(kernel.size(2));
        long groups = conv.endsWith("conv_dw") ? kernel.size(0) : 1;
        int padding = side / 2;
        if (border == Border.SAME && stride > 1) {
            int wide = missing(x.size(3), side, stride);
            int high = missing(x.size(2), side, stride);
            x = Nn.pad(x, wide / 2, wide - wide / 2, high / 2, high - high / 2);
            padding = 0;
        }
        Tensor map = Nn.conv2d(x, kernel, null, stride, padding, groups);
        return Nn.batchNorm(
                map,
                parameters.get(norm + ".weight"),
                parameters.get(norm + ".bias"),
                parameters.get(norm + ".running_mean"),
                parameters.get(norm + ".running_var"),
                epsilon);
    }

    /** Zeros that an output of size ceil(in / stride) needs. */
    private static int missing(long in, int side, int stride) {
        long out = Math.ceilDiv(in, stride);
        return Math.toIntExact(Math.max((out - 1) * stride + side - in, 0));
    }

    private static String name(int stage, int block) {
        return "blocks." + stage + "." + block + ".";
    }

    @Override
    public boolean trainable(String name) {
        return !name.contains("running_");
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public EfficientNetLite over(Parameters other) {
        return new EfficientNetLite(other, border, epsilon);
    }

    /** Its stages count as blocks; stem and head are below and above all of them. */
    @Override
    public int depth() {
        return STRIDES.length;
    }
}
