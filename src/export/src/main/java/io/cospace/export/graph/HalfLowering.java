package io.cospace.export.graph;

import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * fp16 products between fp32 values: inputs are cast down and outputs up, and casts that meet are
 * left out. Weights are the reference's bytes where these are fp16, else rounded copies in the
 * derived file.
 */
record HalfLowering() implements Lowering {
    @Override
    public Product product(Target target, Weights weights, Linear layer, Value x) {
        Value half = target.half(x);
        Value bias =
                layer.hasBias()
                        ? narrow(target, weights, layer.bias(), layer.biasScale())
                        : Value.NONE;
        Value y =
                weights.form(layer.weight())
                        .map(form -> packed(target, weights, layer, half, bias, form))
                        .orElseGet(() -> plain(target, weights, layer, half, bias));
        return new Product(target.widen(y), Value.NONE);
    }

    private static Value plain(
            Target target, Weights weights, Linear layer, Value half, Value bias) {
        Value w = narrow(target, weights, layer.weight(), layer.weightScale());
        return target.graph()
                .node("Gemm")
                .set("transB", layer.transposed() ? 0 : 1)
                .apply(half, w, bias);
    }

    private static Value packed(
            Target target, Weights weights, Linear layer, Value half, Value bias, BlockForm form) {
        String scales = layer.weight() + BlockForm.SCALE;
        return Lowering.packedProduct(target, weights, layer, form)
                .apply(
                        half,
                        target.stored(weights.codes(layer.weight())),
                        narrow(target, weights, scales, layer.weightScale()),
                        Value.NONE,
                        Value.NONE,
                        bias);
    }

    /** A tensor in fp16, matrices as [out, in]. */
    private static Value narrow(Target target, Weights weights, String name, float scale) {
        Slice slice = weights.slice(name);
        Slice matrix =
                slice.info().rank() > 2
                        ? slice.shaped(weights.rows(name), weights.columns(name))
                        : slice;
        if (matrix.info().type() == DataType.F16 && scale == 1f) {
            return target.stored(matrix);
        }
        String derived = matrix.id() + "_f16";
        TensorInfo info = new TensorInfo(DataType.F16, matrix.info().shape());
        return target.derived(derived, info, () -> narrow(matrix.floats(), scale));
    }

    private static ByteBuffer narrow(float[] values, float scale) {
        ByteBuffer bytes = GraphBuilder.littleEndian(values.length * Short.BYTES);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value * scale));
        }
        return bytes.flip();
    }
}
