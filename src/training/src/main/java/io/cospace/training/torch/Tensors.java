package io.cospace.training.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Makes tensors. Shapes are row-major; no sizes make a scalar. All on the CPU. */
public final class Tensors {
    static {
        Torch.load();
    }

    private Tensors() {}

    /** Floats of a shape; the array is copied. */
    public static Tensor of(float[] values, long... shape) {
        checkSize(values.length, shape);
        Tensor made = empty(Kind.F32, shape);
        if (values.length > 0) {
            made.raw().<FloatBuffer>createBuffer().put(values);
        }
        return made;
    }

    /** Doubles of a shape; the array is copied. */
    public static Tensor of(double[] values, long... shape) {
        checkSize(values.length, shape);
        Tensor made = empty(Kind.F64, shape);
        if (values.length > 0) {
            made.raw().<DoubleBuffer>createBuffer().put(values);
        }
        return made;
    }

    /** Whole numbers of a shape; the array is copied. */
    public static Tensor of(long[] values, long... shape) {
        checkSize(values.length, shape);
        Tensor made = empty(Kind.I64, shape);
        if (values.length > 0) {
            made.raw().<LongBuffer>createBuffer().put(values);
        }
        return made;
    }

    /** Truth values of a shape; the array is copied. */
    public static Tensor of(boolean[] values, long... shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return of(ByteBuffer.wrap(bytes), Kind.U8, shape).to(Kind.BOOL);
    }

    /** Little-endian elements of a kind and shape; the rest of the buffer is copied. */
    public static Tensor of(ByteBuffer values, Kind kind, long... shape) {
        ByteBuffer from = values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return switch (kind) {
            case F32 -> {
                float[] array = new float[from.remaining() / Float.BYTES];
                from.asFloatBuffer().get(array);
                yield of(array, shape);
            }
            case F64 -> {
                double[] array = new double[from.remaining() / Double.BYTES];
                from.asDoubleBuffer().get(array);
                yield of(array, shape);
            }
            case I64 -> {
                long[] array = new long[from.remaining() / Long.BYTES];
                from.asLongBuffer().get(array);
                yield of(array, shape);
            }
            case U8 -> {
                checkSize(from.remaining(), shape);
                Tensor made = empty(kind, shape);
                made.raw().<ByteBuffer>createBuffer().put(from);
                yield made;
            }
            case BF16, BOOL ->
                    throw new IllegalArgumentException("make " + kind + " from another kind");
        };
    }

    /** One fp32 number without dimensions. */
    public static Tensor scalar(double value) {
        return of(new float[] {(float) value});
    }

    /** Zeros. */
    public static Tensor zeros(Kind kind, long... shape) {
        return empty(kind, shape).zero();
    }

    /** Zeros like another tensor in shape, kind and device. */
    public static Tensor zerosLike(Tensor other) {
        return Tensor.of(torch.zeros_like(other.raw()));
    }

    /** Standard normal fp32 numbers from the process's random state. */
    public static Tensor normal(long... shape) {
        return Tensor.of(torch.randn(shape));
    }

    /** Uniform fp32 numbers between two bounds from the process's random state. */
    public static Tensor uniform(double from, double to, long... shape) {
        return Tensor.of(torch.rand(shape)).timesInPlace(to - from).plusInPlace(from);
    }

    /** Normal numbers in the shape, kind and device of another tensor. */
    public static Tensor normalLike(Tensor other) {
        return Tensor.of(torch.randn_like(other.raw()));
    }

    /** 0, 1, ..., count - 1. */
    public static Tensor range(long count) {
        return Tensor.of(torch.arange(new Scalar(count), new TensorOptions(Kind.I64.type())));
    }

    /** Joins tensors along a dimension. */
    public static Tensor concat(int dimension, List<Tensor> parts) {
        return Tensor.of(torch.cat(vector(parts), dimension));
    }

    /** Joins tensors along a dimension. */
    public static Tensor concat(int dimension, Tensor... parts) {
        return concat(dimension, Arrays.asList(parts));
    }

    /** Puts tensors of one shape under a new dimension. */
    public static Tensor stack(int dimension, List<Tensor> parts) {
        return Tensor.of(torch.stack(vector(parts), dimension));
    }

    static TensorVector vector(List<Tensor> tensors) {
        TensorVector vector = new TensorVector();
        tensors.forEach(tensor -> vector.push_back(tensor.raw()));
        return vector;
    }

    static Tensor empty(Kind kind, long... shape) {
        return Tensor.of(
                torch.empty(shape, new TensorOptions(kind.type()), new MemoryFormatOptional()));
    }

    private static void checkSize(long values, long... shape) {
        long size = 1;
        for (long side : shape) {
            size = Math.multiplyExact(size, side);
        }
        if (size != values) {
            throw new IllegalArgumentException(
                    "%d values do not make a tensor of shape %s"
                            .formatted(values, Arrays.toString(shape)));
        }
    }
}
