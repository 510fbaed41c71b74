package io.cospace.export.graph;

import io.cospace.export.graph.Target.Activation;
import io.cospace.export.graph.Target.Quantised;
import io.cospace.export.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;

/**
 * Integer products with one activation scale a row, from standard nodes only: the row's largest and
 * smallest value give its scale, {@code QuantizeLinear} along axis 0 the codes, {@code
 * MatMulIntegerToFloat} the product, and a {@code Mul} brings the row's scale back. A row's result
 * does not depend on any other row.
 */
record RowInt8Lowering() implements Lowering {
    /** Keeps the scale of a row of zeros above zero. */
    private static final float SMALLEST_SCALE = 1e-20f;

    @Override
    public Product product(Target target, Weights weights, Linear layer, Value x) {
        GraphBuilder g = target.graph();
        Quantised input =
                target.activations()
                        .computeIfAbsent(
                                new Activation(x, layer.zeroPoint()), a -> quantise(target, a));
        Int8Weights w = Int8Weights.of(target, weights, layer);
        Value y =
                g.contrib("MatMulIntegerToFloat")
                        .apply(
                                input.codes(),
                                w.codes(),
                                g.number(1f),
                                w.scales(),
                                input.zeroPoint());
        Value scaled = g.node("Mul").apply(y, input.scale());
        return new Product(scaled, Lowering.bias(target, weights, layer));
    }

    /**
     * Codes = round(x / s) + zero, clipped to 0..255, where s is the least scale at which the row
     * fits: max(high / (255 - zero), -low / zero).
     */
    private static Quantised quantise(Target target, Activation activation) {
        GraphBuilder g = target.graph();
        Value x = activation.value();
        int zero = activation.zeroPoint();
        Value high = g.node("ReduceMax").set("keepdims", 0).apply(x, g.integers(-1));
        Value low = g.node("ReduceMin").set("keepdims", 0).apply(x, g.integers(-1));
        Value scale =
                g.node("Max")
                        .apply(
                                g.node("Mul").apply(high, g.number(1f / (255 - zero))),
                                g.node("Mul").apply(low, g.number(-1f / zero)),
                                g.number(SMALLEST_SCALE));
        Value zeroPoint = zeroPoint(g, zero);
        // A node costs more than its few bytes: one text of 8 tokens gains 2.6 %.
        Value zeros =
                target.zeros(
                        activation,
                        () -> g.node("Expand").apply(zeroPoint, g.node("Shape").apply(scale)));
        Value codes = g.node("QuantizeLinear").set("axis", 0).apply(x, scale, zeros);
        return new Quantised(codes, g.node("Unsqueeze").apply(scale, g.integers(1)), zeroPoint);
    }

    private static Value zeroPoint(GraphBuilder g, int code) {
        return g.inline("u." + code, DataType.UINT8, ByteBuffer.wrap(new byte[] {(byte) code}));
    }
}
