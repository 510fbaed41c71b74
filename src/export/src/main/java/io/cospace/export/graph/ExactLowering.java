package io.cospace.export.graph;

/**
 * fp32 arithmetic over the reference bytes: {@code Gemm}, or for 4-bit matrices {@code MatMulNBits}
 * at accuracy level 1, which unpacks blocks to fp32 and multiplies these.
 */
record ExactLowering() implements Lowering {
    @Override
    public Product product(Target target, Weights weights, Linear layer, Value x) {
        Value bias = Lowering.bias(target, weights, layer);
        Value y =
                weights.isPacked(layer.weight())
                        ? packed(target, weights, layer, x, bias)
                        : plain(target, weights, layer, x, bias);
        return new Product(y, Value.NONE);
    }

    private static Value plain(Target target, Weights weights, Linear layer, Value x, Value bias) {
        Slice matrix = weights.slice(layer.weight());
        Value w = target.single(matrix.shaped(rows(weights, layer), columns(weights, layer)));
        return target.graph()
                .node("Gemm")
                .set("transB", 1)
                .apply(x, Lowering.scaled(target, w, layer.scale()), bias);
    }

    private static Value packed(Target target, Weights weights, Linear layer, Value x, Value bias) {
        Value codes = target.stored(weights.slice(layer.weight() + "_q4"));
        Value scales = target.single(weights.slice(layer.weight() + "_scale"));
        return target.graph()
                .contrib("MatMulNBits")
                .set("K", columns(weights, layer))
                .set("N", rows(weights, layer))
                .set("bits", 4)
                .set("block_size", Weights.GROUP)
                .set("accuracy_level", 1)
                .apply(
                        x,
                        codes,
                        Lowering.scaled(target, scales, layer.scale()),
                        Value.NONE,
                        Value.NONE,
                        bias);
    }

    private static long rows(Weights weights, Linear layer) {
        return weights.rows(layer.weight());
    }

    private static long columns(Weights weights, Linear layer) {
        return weights.columns(layer.weight());
    }
}
