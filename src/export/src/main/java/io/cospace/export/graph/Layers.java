package io.cospace.export.graph;

import java.util.List;

/**
 * The layers that networks are made of, written into one graph over the tensors of one part. Values
 * are fp32 and of rank 2, one row a token or an item, unless said otherwise.
 */
final class Layers {
    private final Target target;
    private final Weights weights;
    private final GraphBuilder g;

    Layers(Target target, Weights weights) {
        this.target = target;
        this.weights = weights;
        this.g = target.graph();
    }

    /** A sum and its normalised form, both [t, d]. */
    record Residual(Value sum, Value normed) {}

    GraphBuilder graph() {
        return g;
    }

    Weights weights() {
        return weights;
    }

    Value tensor(String name) {
        return target.single(weights.slice(name));
    }

    /** [t, in] to [t, out], at the precision that the plan has for the layer. */
    Value linear(Linear layer, Value x) {
        Product product = product(layer, x);
        // Sum instead of Add: ONNX Runtime would fuse Add and Gelu into BiasGelu, which is slower.
        return product.bias().isNone()
                ? product.value()
                : alike(g.node("Sum").apply(product.value(), product.bias()), x);
    }

    /**
     * A layer over a constant, exact at every precision; computed once, when the model is loaded.
     */
    Value exact(Linear layer, Value constant) {
        return Lowering.of(Precision.FP32).product(target, weights, layer, constant).value();
    }

    private Product product(Linear layer, Value x) {
        Product product =
                Lowering.of(target.plan().of(layer.role())).product(target, weights, layer, x);
        alike(product.value(), x);
        return product;
    }

    /** {@code value}, of which it is known that it has as many rows as an earlier one. */
    private Value alike(Value value, Value earlier) {
        target.sameRows(value, earlier);
        return value;
    }

    /**
     * LayerNorm(x) with the tensors {@code norm.weight} and {@code norm.bias}: written as the sum
     * with one row of zeros, since ONNX Runtime's kernel for the fused sum is three times as fast
     * as the one for LayerNormalization (1.29, CPU).
     */
    Value layerNorm(String norm, float epsilon, Value x) {
        int width = weights.rows(norm + ".weight");
        Value zeros = g.floats("zeros." + width, new float[width], 1, width);
        Value rows = Ops.reshape(g, x, -1, 1, width);
        return Ops.reshape(g, addNorm(norm, epsilon, rows, zeros), -1, width);
    }

    /**
     * LayerNorm(a + b); the fused form has a much faster kernel than Add and LayerNormalization.
     */
    Value addNorm(String norm, float epsilon, Value a, Value b) {
        return skipNorm(1, norm, epsilon, new Product(a, Value.NONE), b).getFirst();
    }

    /** LayerNorm(layer(x) + residual). */
    Value addNorm(String norm, float epsilon, Linear layer, Value x, Value residual) {
        Product product = product(layer, alike(x, residual));
        return alike(skipNorm(1, norm, epsilon, product, residual).getFirst(), residual);
    }

    /** layer(x) + residual, and its LayerNorm, for blocks that normalise first. */
    Residual residual(String norm, float epsilon, Linear layer, Value x, Value residual) {
        Product product = product(layer, alike(x, residual));
        List<Value> parts = skipNorm(4, norm, epsilon, product, residual);
        return new Residual(alike(parts.get(3), residual), alike(parts.get(0), residual));
    }

    /** RMSNorm(x) = x / rms(x) * weight, rms(x) = sqrt(mean(x^2) + epsilon). */
    Value rmsNorm(String weight, float epsilon, Value x) {
        return g.node("RMSNormalization")
                .set("axis", -1)
                .set("epsilon", epsilon)
                .apply(x, tensor(weight));
    }

    /** layer(x) + residual, and its RMSNorm. The layer has no bias. */
    Residual rmsResidual(String weight, float epsilon, Linear layer, Value x, Value residual) {
        List<Value> parts =
                g.contrib("SkipSimplifiedLayerNormalization")
                        .set("epsilon", epsilon)
                        .apply(4, linear(layer, alike(x, residual)), residual, tensor(weight));
        return new Residual(alike(parts.get(3), residual), alike(parts.get(0), residual));
    }

    /**
     * silu(gate(x)) * up(x), silu(y) = y * sigmoid(y) (Shazeer 2020): written as QuickGelu with
     * factor 1, which has the faster kernel.
     */
    Value swiGlu(Linear gate, Linear up, Value x) {
        Value gated =
                target.half(
                        List.of(linear(gate, x), linear(up, x)),
                        in -> {
                            Value open = g.contrib("QuickGelu").set("alpha", 1f).apply(in.get(0));
                            return g.node("Mul").apply(open, in.get(1));
                        });
        return alike(gated, x);
    }

    /** An activation of each value. */
    Value activated(Activation activation, Value x) {
        return alike(target.half(List.of(x), in -> activation.apply(g, in.get(0))), x);
    }

    /** a + b, and its LayerNorm. */
    Residual residual(String norm, float epsilon, Value a, Value b) {
        List<Value> parts = skipNorm(4, norm, epsilon, new Product(a, Value.NONE), b);
        return new Residual(parts.get(3), parts.get(0));
    }

    private List<Value> skipNorm(
            int outputs, String norm, float epsilon, Product product, Value residual) {
        return g.contrib("SkipLayerNormalization")
                .set("epsilon", epsilon)
                .apply(
                        outputs,
                        product.value(),
                        residual,
                        tensor(norm + ".weight"),
                        tensor(norm + ".bias"),
                        product.bias());
    }

    /**
     * Rows of a table, [t] indices to [t, d]. A table of half floats is widened row by row; one in
     * few bits is unpacked row by row over its stored bytes.
     */
    Value lookUp(String table, Value indices) {
        return weights.form(table)
                .map(form -> lookUpPacked(table, indices, form))
                .orElseGet(() -> lookUpPlain(table, indices));
    }

    private Value lookUpPlain(String table, Value indices) {
        Slice slice = weights.slice(table);
        Value rows = g.node("Gather").apply(target.stored(slice), indices);
        return slice.info().type() == io.cospace.export.checkpoint.DataType.F32
                ? rows
                : target.widen(rows);
    }

    private Value lookUpPacked(String table, Value indices, BlockForm form) {
        Slice codes = weights.codes(table);
        long bytesOfRow = codes.info().elements() / codes.info().size(0);
        return g.contrib("GatherBlockQuantized")
                .set("gather_axis", 0)
                .set("quantize_axis", 1)
                .set("block_size", BlockForm.GROUP)
                .set("bits", form.bits())
                .apply(
                        target.stored(codes, codes.info().size(0), bytesOfRow),
                        indices,
                        target.single(weights.scales(table)));
    }

    /**
     * Softmax attention, scale 1/sqrt(head size).
     *
     * @param q [n, s, heads * size]
     * @param k [n, s', keyHeads * size]
     * @param v [n, s', keyHeads * size]
     * @param lengths int64 [n], keys of each item that are real; {@link Value#NONE}: all. Not for
     *     causal attention: ONNX Runtime aligns the frontier to the end of the real keys, and keys
     *     to the right are hidden anyway
     * @return [n, s, heads * size]
     */
    Value attention(AttentionShape shape, Value q, Value k, Value v, Value lengths) {
        Value real = shape.causal() ? Value.NONE : lengths;
        Operator attention =
                g.node("Attention")
                        .set("q_num_heads", shape.heads())
                        .set("kv_num_heads", shape.keyHeads())
                        .set("is_causal", shape.causal() ? 1 : 0);
        // Softmax is computed in fp32 inside of the fp16 kernels; CUDA's refuses to be told so.
        return target.half(
                List.of(q, k, v),
                in ->
                        attention.apply(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                Value.NONE,
                                Value.NONE,
                                Value.NONE,
                                real));
    }
}
