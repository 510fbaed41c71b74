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
        Value w =
                target.single(
                        matrix.shaped(
                                weights.rows(layer.weight()), weights.columns(layer.weight())));
        return target.graph()
                .node("Gemm")
                .set("transB", layer.transposed() ? 0 : 1)
                .apply(x, Lowering.scaled(target, w, layer.weightScale()), bias);
    }

    private static Value packed(Target target, Weights weights, Linear layer, Value x, Value bias) {
        Value codes = target.stored(weights.slice(layer.weight() + "_q4"));
        Value scales = target.single(weights.slice(layer.weight() + "_scale"));
        return target.graph()
                .contrib("MatMulNBits")
                .set("K", layer.in(weights))
                .set("N", layer.out(weights))
                .set("bits", 4)
                .set("block_size", Weights.GROUP)
                .set("accuracy_level", 1)
                .apply(
                        x,
                        codes,
                        Lowering.scaled(target, scales, layer.weightScale()),
                        Value.NONE,
                        Value.NONE,
                        bias);
    }
}
