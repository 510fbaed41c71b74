package io.cospace.training.torch;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.pytorch.Tensor;

/** Copies a tensor's elements out, row-major, from wherever and whatever they are. */
final class Elements {
    private Elements() {}

    static float[] floats(Tensor tensor) {
        float[] values = new float[size(tensor)];
        if (values.length > 0) {
            host(tensor, Kind.F32).<FloatBuffer>createBuffer().get(values);
        }
        return values;
    }

    static double[] doubles(Tensor tensor) {
        double[] values = new double[size(tensor)];
        if (values.length > 0) {
            host(tensor, Kind.F64).<DoubleBuffer>createBuffer().get(values);
        }
        return values;
    }

    static long[] longs(Tensor tensor) {
        long[] values = new long[size(tensor)];
        if (values.length > 0) {
            host(tensor, Kind.I64).<LongBuffer>createBuffer().get(values);
        }
        return values;
    }

    static byte[] bytes(Tensor tensor) {
        byte[] values = new byte[size(tensor)];
        if (values.length > 0) {
            host(tensor, Kind.U8).<ByteBuffer>createBuffer().get(values);
        }
        return values;
    }

    private static int size(Tensor tensor) {
        return Math.toIntExact(tensor.numel());
    }

    private static Tensor host(Tensor tensor, Kind kind) {
        return tensor.detach().cpu().to(kind.type()).contiguous();
    }
}
