package io.cospace.export.graph;

import io.cospace.export.graph.Target.Activation;
import io.cospace.export.graph.Target.Quantised;
import java.util.List;

/**
 * Integer products with one activation scale for all rows of the batch: {@code
 * DynamicQuantizeLinear}, which ONNX Runtime fuses with a product that is its only reader. A row's
 * result depends on the other rows of its batch.
 */
record FastInt8Lowering() implements Lowering {
    private static final int BATCH_HAS_IT = -1;

    @Override
    public Product product(Target target, Weights weights, Linear layer, Value x) {
        GraphBuilder g = target.graph();
        Quantised input =
                target.activations()
                        .computeIfAbsent(
                                new Activation(x, BATCH_HAS_IT), a -> quantise(g, a.value()));
        Int8Weights w = Int8Weights.of(target, weights, layer);
        Value y =
                g.contrib("MatMulIntegerToFloat")
                        .apply(
                                input.codes(),
                                w.codes(),
                                input.scale(),
                                w.scales(),
                                input.zeroPoint(),
                                Value.NONE,
                                Lowering.bias(target, weights, layer));
        return new Product(y, Value.NONE);
    }

    private static Quantised quantise(GraphBuilder g, Value x) {
        List<Value> parts = g.node("DynamicQuantizeLinear").apply(3, x);
        return new Quantised(parts.get(0), parts.get(1), parts.get(2));
    }
}
