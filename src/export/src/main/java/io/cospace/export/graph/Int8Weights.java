package io.cospace.export.graph;

import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.TensorInfo;
import java.nio.ByteBuffer;

/**
 * The 8-bit form of a layer's matrix in the derived file.
 *
 * @param codes int8 [in, out]
 * @param scales fp32 [out], with the layer's own scale in them
 */
record Int8Weights(Value codes, Value scales) {

    /**
     * Adds both to the derived file. The matrix is read for each anew when the file is written, so
     * that only one matrix is ever in memory.
     */
    static Int8Weights of(Target target, Weights weights, Linear layer) {
        String matrix = layer.weight();
        int out = layer.out(weights);
        String name = weights.codes(matrix).id();
        TensorInfo codes = new TensorInfo(DataType.I8, layer.in(weights), out);
        TensorInfo scales = new TensorInfo(DataType.F32, out);
        return new Int8Weights(
                target.derived(name + "_s8", codes, () -> codes(layer.matrix(weights), out)),
                target.derived(
                        name + "_s8_scale",
                        scales,
                        () -> scales(layer.matrix(weights), out, layer.weightScale())));
    }

    private static ByteBuffer codes(float[] matrix, int out) {
        return ByteBuffer.wrap(Quantiser.codes(matrix, Quantiser.scales(matrix, out)));
    }

    private static ByteBuffer scales(float[] matrix, int out, float factor) {
        ByteBuffer bytes = GraphBuilder.littleEndian(out * Float.BYTES);
        for (float scale : Quantiser.scales(matrix, out)) {
            bytes.putFloat(scale * factor);
        }
        return bytes.flip();
    }
}
