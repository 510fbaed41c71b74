package io.cospace.export.graph;

/**
 * fp32 arithmetic over the reference bytes: {@code Gemm}, or for matrices in few bits {@code
 * MatMulNBits} at accuracy level 1, which unpacks blocks to fp32 and multiplies these.
 */
record ExactLowering() implements Lowering {
    /** MatMulNBits' accuracy level for fp32 arithmetic. */
    private static final int SINGLE = 1;

    @Override
    public Product product(Target target, Weights weights, Linear layer, Value x) {
        Value bias = Lowering.bias(target, weights, layer);
        Value y =
                weights.form(layer.weight())
                        .map(form -> packed(target, weights, layer, x, bias, form))
                        .orElseGet(() -> plain(target, weights, layer, x, bias));
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

    private static Value packed(
            Target target, Weights weights, Linear layer, Value x, Value bias, BlockForm form) {
        // Codes first: tensors stand in a graph in the order of their first use, and the graphs of
        // bundles already made are to come out as the same bytes again.
        Value codes = target.stored(weights.codes(layer.weight()));
        Value scales = target.single(weights.scales(layer.weight()));
        return Lowering.packedProduct(target, weights, layer, form)
                .set("accuracy_level", SINGLE)
                .apply(
                        x,
                        codes,
                        Lowering.scaled(target, scales, layer.weightScale()),
                        Value.NONE,
                        Value.NONE,
                        bias);
    }
}
