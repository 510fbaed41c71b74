package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;

/**
 * A head as a graph of its own: input {@code pooled} fp32 [n, d], output {@code embedding} fp32 [n,
 * D], rows of unit length. For features that are averaged over the windows of a long text first.
 */
public record AdapterNetwork(Head head) implements Network {
    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Value pooled = g.input("pooled", DataType.FLOAT, Shape.of("n").by(head.features()));
        g.output(
                "embedding",
                head.embedding(target, pooled),
                DataType.FLOAT,
                Shape.of("n").by(head.dimensions()));
    }
}
