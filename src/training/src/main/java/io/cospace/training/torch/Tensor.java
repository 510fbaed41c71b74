package io.cospace.training.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers that remembers how it was computed, so that gradients can flow back. Methods
 * return new tensors unless their name ends in {@code InPlace}; views share memory. Shapes follow
 * libtorch's broadcasting. Lives until the {@link Scope} it was made in closes, or without one
 * until the garbage collector finds it. Not thread-safe.
 *
 * <p>A shape that does not fit is an {@link IllegalArgumentException} from here or a {@link
 * RuntimeException} whose first line is libtorch's message.
 */
public final class Tensor extends InPlace {
    private final org.bytedeco.pytorch.Tensor raw;

    private Tensor(org.bytedeco.pytorch.Tensor raw) {
        this.raw = raw;
    }

    static Tensor of(org.bytedeco.pytorch.Tensor raw) {
        return new Tensor(raw);
    }

    @Override
    org.bytedeco.pytorch.Tensor raw() {
        return raw;
    }

    /**
     * Keeps this tensor alive beyond the scope it was made in; its memory is then the collector's.
     */
    public Tensor kept() {
        PointerScope scope = PointerScope.getInnerScope();
        if (scope != null) {
            // To detach gives up the scope's reference, which alone would free it at once.
            raw.retainReference();
            scope.detach(raw);
        }
        return this;
    }

    public long[] shape() {
        long[] shape = new long[rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = raw.size(i);
        }
        return shape;
    }

    public int rank() {
        return Math.toIntExact(raw.dim());
    }

    /** Size of a dimension; negative ones count from the last. */
    public long size(int dimension) {
        return raw.size(dimension);
    }

    public long elements() {
        return raw.numel();
    }

    public Kind kind() {
        return Kind.of(raw.scalar_type());
    }

    /** Where it lies. */
    public Device device() {
        return raw.is_cuda() ? Device.CUDA : Device.CPU;
    }

    @Override
    public String toString() {
        return kind() + Arrays.toString(shape());
    }

    /** All elements as floats, row-major. */
    public float[] toFloats() {
        return Elements.floats(raw);
    }

    /** All elements as doubles, row-major. */
    public double[] toDoubles() {
        return Elements.doubles(raw);
    }

    /** All elements as whole numbers, row-major. */
    public long[] toLongs() {
        return Elements.longs(raw);
    }

    byte[] toBytes() {
        return Elements.bytes(raw);
    }

    /** The only element. */
    public double item() {
        return raw.item_double();
    }

    /** Whether no element is infinite or not a number. */
    public boolean isFinite() {
        return raw.detach().isfinite().all().item_bool();
    }

    /** Makes this a leaf whose gradient is wanted, or not. */
    public Tensor requireGradient(boolean wanted) {
        raw.set_requires_grad(wanted);
        return this;
    }

    public boolean requiresGradient() {
        return raw.requires_grad();
    }

    /** Adds the gradient of this scalar to all leaves that it was computed from. */
    public void backward() {
        raw.backward();
    }

    /** The gradient that arrived here, or null; shares memory with what the next step adds to. */
    public @Nullable Tensor gradient() {
        org.bytedeco.pytorch.Tensor gradient = raw.grad();
        return gradient.defined() ? of(gradient) : null;
    }

    /** Forgets the gradient and its memory. */
    public void clearGradient() {
        raw.mutable_grad().reset();
    }

    /** The same numbers as a constant. */
    public Tensor detached() {
        return of(raw.detach());
    }

    /** A copy with memory of its own; gradients flow through. */
    public Tensor copied() {
        return of(raw.clone());
    }

    public Tensor to(Kind kind) {
        return of(raw.to(kind.type()));
    }

    public Tensor to(Device device) {
        return of(raw.to(new org.bytedeco.pytorch.Device(device.type()), raw.scalar_type()));
    }

    /** Moved to where another tensor lies. */
    public Tensor besides(Tensor other) {
        return of(raw.to(other.raw.device(), raw.scalar_type()));
    }

    public Tensor reshape(long... shape) {
        return of(raw.reshape(shape));
    }

    public Tensor permute(long... order) {
        return of(raw.permute(order));
    }

    public Tensor transpose(int first, int second) {
        return of(raw.transpose(first, second));
    }

    public Tensor expand(long... shape) {
        return of(raw.expand(shape));
    }

    /** {@code count} entries of a dimension from {@code start} on, as a view. */
    public Tensor narrow(int dimension, long start, long count) {
        return of(raw.narrow(dimension, start, count));
    }

    /** One entry of a dimension, which goes away, as a view. */
    public Tensor select(int dimension, long index) {
        return of(raw.select(dimension, index));
    }

    /** Rows (or entries of another dimension) by their numbers. */
    public Tensor pick(int dimension, Tensor numbers) {
        return of(raw.index_select(dimension, numbers.raw));
    }

    /** From a dimension on, all in one. */
    public Tensor flatten(int from) {
        return of(raw.flatten(from, -1));
    }

    public Tensor contiguous() {
        return of(raw.contiguous());
    }

    public Tensor plus(Tensor other) {
        return of(raw.add(other.raw));
    }

    public Tensor plus(double number) {
        return of(raw.add(new Scalar(number)));
    }

    public Tensor minus(Tensor other) {
        return of(raw.sub(other.raw));
    }

    public Tensor times(Tensor other) {
        return of(raw.mul(other.raw));
    }

    public Tensor times(double number) {
        return of(raw.mul(new Scalar(number)));
    }

    public Tensor over(Tensor other) {
        return of(raw.div(other.raw));
    }

    public Tensor over(double number) {
        return of(raw.div(new Scalar(number)));
    }

    public Tensor matmul(Tensor other) {
        return of(raw.matmul(other.raw));
    }

    public Tensor negated() {
        return of(raw.neg());
    }

    public Tensor exp() {
        return of(raw.exp());
    }

    public Tensor sqrt() {
        return of(raw.sqrt());
    }

    public Tensor square() {
        return of(raw.square());
    }

    public Tensor abs() {
        return of(raw.abs());
    }

    /** Clamped; the gradient is 0 outside. */
    public Tensor clamp(double least, double most) {
        return of(
                raw.clamp(
                        new ScalarOptional(new Scalar(least)),
                        new ScalarOptional(new Scalar(most))));
    }

    /** Sum of all elements. */
    public Tensor sum() {
        return of(raw.sum());
    }

    /** Sum over one dimension, which goes away unless {@code keep}. */
    public Tensor sum(int dimension, boolean keep) {
        return of(raw.sum(new long[] {dimension}, keep, new ScalarTypeOptional()));
    }

    /** Mean of all elements. */
    public Tensor mean() {
        return of(raw.mean());
    }

    /** Mean over one dimension, which goes away. */
    public Tensor mean(int dimension) {
        return of(raw.mean(new long[] {dimension}, false, new ScalarTypeOptional()));
    }

    /** Rows (last dimension) at unit length, {@code x / |x|}; no epsilon. */
    public Tensor unit() {
        return of(raw.div(norm(-1)));
    }

    private org.bytedeco.pytorch.Tensor norm(long dimension) {
        return torch.linalg_vector_norm(
                raw, new Scalar(2.0), new long[] {dimension}, true, new ScalarTypeOptional());
    }

    /** Euclidean length of all elements together. */
    public Tensor length() {
        return of(torch.linalg_vector_norm(raw));
    }

    /** A number wherever the mask is true. */
    public Tensor filled(Tensor mask, double number) {
        return of(raw.masked_fill(mask.raw, new Scalar(number)));
    }

    /** This where the mask is true, else the other. */
    public Tensor where(Tensor mask, Tensor other) {
        return of(torch.where(mask.raw, raw, other.raw));
    }
}
