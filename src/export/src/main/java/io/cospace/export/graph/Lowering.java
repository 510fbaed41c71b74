package io.cospace.export.graph;

/** How linear layers become nodes at one precision. */
sealed interface Lowering permits ExactLowering, RowInt8Lowering, FastInt8Lowering, HalfLowering {
    /**
     * Writes a layer.
     *
     * @param x fp32 [t, in]
     * @return fp32 [t, out]
     */
    Product product(Target target, Weights weights, Linear layer, Value x);

    static Lowering of(Precision precision) {
        return switch (precision) {
            case FP32 -> new ExactLowering();
            case INT8 -> new RowInt8Lowering();
            case INT8_FAST -> new FastInt8Lowering();
            case FP16 -> new HalfLowering();
        };
    }

    /** The bias of a layer with its scale, in fp32; {@link Value#NONE} without one. */
    static Value bias(Target target, Weights weights, Linear layer) {
        return layer.hasBias()
                ? scaled(target, target.single(weights.slice(layer.bias())), layer.biasScale())
                : Value.NONE;
    }

    static Value scaled(Target target, Value value, float factor) {
        GraphBuilder g = target.graph();
        return factor == 1f ? value : g.node("Mul").apply(value, g.number(factor));
    }

    /** The product with a matrix in few bits, without its inputs. */
    static Operator packedProduct(Target target, Weights weights, Linear layer, BlockForm form) {
        return target.graph()
                .contrib("MatMulNBits")
                .set("K", layer.in(weights))
                .set("N", layer.out(weights))
                .set("bits", form.bits())
                .set("block_size", BlockForm.GROUP);
    }
}
