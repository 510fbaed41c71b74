package io.cospace.training.torch;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** The layers of neural networks as functions, with gradients. */
public final class Nn {
    private static final long SUM = 2;

    private Nn() {}

    /** {@code x W^T + b}; x [.., in], weight [out, in], bias [out] or null. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Tensor.of(torch.linear(x.raw(), weight.raw(), optional(bias)));
    }

    /** Normalisation over the last dimension. */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return Tensor.of(
                torch.layer_norm(
                        x.raw(),
                        new long[] {x.size(-1)},
                        optional(weight),
                        optional(bias),
                        epsilon,
                        true));
    }

    /** Normalisation of channels by given mean and variance. */
    public static Tensor batchNorm(
            Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon) {
        return Tensor.of(
                torch.batch_norm(
                        x.raw(),
                        optional(weight),
                        optional(bias),
                        optional(mean),
                        optional(variance),
                        false,
                        0,
                        epsilon,
                        true));
    }

    /**
     * Convolution of maps [n, c, h, w].
     *
     * @param bias [out] or null
     * @param stride in both directions
     * @param padding zeros on every side
     * @param groups 1, or the number of channels for a depthwise one
     */
    public static Tensor conv2d(
            Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding, long groups) {
        return Tensor.of(
                torch.conv2d(
                        x.raw(),
                        weight.raw(),
                        optional(bias),
                        new long[] {stride, stride},
                        new long[] {padding, padding},
                        new long[] {1, 1},
                        groups));
    }

    /** Zeros around the last two dimensions. */
    public static Tensor pad(Tensor x, long left, long right, long top, long bottom) {
        return Tensor.of(torch.constant_pad_nd(x.raw(), left, right, top, bottom));
    }

    /**
     * Mean of each of side x side cells of a map [n, c, h, w]; cells overlap where h is no
     * multiple.
     */
    public static Tensor cellMeans(Tensor x, long side) {
        return Tensor.of(torch.adaptive_avg_pool2d(x.raw(), side, side));
    }

    /** Rows of a table by number. */
    public static Tensor embedding(Tensor table, Tensor numbers) {
        return Tensor.of(torch.embedding(table.raw(), numbers.raw()));
    }

    /** Exact (erf) GELU. */
    public static Tensor gelu(Tensor x) {
        return Tensor.of(torch.gelu(x.raw()));
    }

    /** {@code x sigmoid(1.702 x)}. */
    public static Tensor quickGelu(Tensor x) {
        return x.times(Tensor.of(x.times(1.702).raw().sigmoid()));
    }

    /** {@code x sigmoid(x)}. */
    public static Tensor silu(Tensor x) {
        return Tensor.of(torch.silu(x.raw()));
    }

    /** {@code min(max(x, 0), 6)}. */
    public static Tensor relu6(Tensor x) {
        return Tensor.of(torch.hardtanh(x.raw(), new Scalar(0.0), new Scalar(6.0)));
    }

    /** {@code log sigmoid(x)}. */
    public static Tensor logSigmoid(Tensor x) {
        return Tensor.of(torch.log_sigmoid(x.raw()));
    }

    public static Tensor softmax(Tensor x, int dimension) {
        return Tensor.of(x.raw().softmax(dimension));
    }

    /** Sets a share of the elements to 0 and scales the others up; draws random numbers. */
    public static Tensor dropout(Tensor x, double share) {
        return share == 0 ? x : Tensor.of(torch.dropout(x.raw(), share, true));
    }

    /** Softmax attention of q, k, v [n, heads, t, d], scaled by d^-1/2. */
    public static Tensor attention(Tensor q, Tensor k, Tensor v, boolean causal) {
        return Tensor.of(
                torch.scaled_dot_product_attention(
                        q.raw(),
                        k.raw(),
                        v.raw(),
                        new TensorOptional(),
                        0,
                        causal,
                        new DoubleOptional(),
                        false));
    }

    /** Mean over rows of {@code -log softmax(logits)[label]}; logits [n, c], labels [n]. */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return Tensor.of(torch.cross_entropy_loss(logits.raw(), labels.raw()));
    }

    /** Euclidean distances of all pairs of rows i < j; the gradient at distance 0 is 0. */
    public static Tensor pairDistances(Tensor rows) {
        return Tensor.of(torch.pdist(rows.raw()));
    }

    /** {@code u^2/2} below 1, {@code |u| - 1/2} above, of the differences, summed. */
    public static Tensor smoothL1Sum(Tensor a, Tensor b) {
        return Tensor.of(torch.smooth_l1_loss(a.raw(), b.raw(), SUM, 1));
    }

    private static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.raw());
    }
}
