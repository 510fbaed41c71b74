package io.cospace.export.graph;

/** Expressions without weights, shared by networks and heads. */
final class Ops {
    /** Vectors shorter than this keep their direction but not their unit length. */
    private static final float SMALLEST_NORM = 1e-12f;

    private Ops() {}

    /** Rows divided by their Euclidean length; a row of zeros stays one. */
    static Value l2Normalise(GraphBuilder g, Value x) {
        Value norm = g.node("ReduceL2").set("keepdims", 1).apply(x, g.integers(-1));
        return g.node("Div").apply(x, g.node("Max").apply(norm, g.number(SMALLEST_NORM)));
    }

    static Value reshape(GraphBuilder g, Value x, long... dims) {
        return g.node("Reshape").apply(x, g.integers(dims));
    }

    /** Size of one dimension, int64 scalar. */
    static Value size(GraphBuilder g, Value x, int axis) {
        Value shape = g.node("Shape").set("start", axis).set("end", axis + 1L).apply(x);
        return g.node("Squeeze").apply(shape, g.integers(0));
    }

    static Value unsqueeze(GraphBuilder g, Value x, long axis) {
        return g.node("Unsqueeze").apply(x, g.integers(axis));
    }

    /** A value [1, ...] once for each of the items [n, ...]: [n, ...]; 3 dimensions. */
    static Value repeat(GraphBuilder g, Value x, Value items) {
        Value count = g.node("Shape").set("start", 0).set("end", 1).apply(items);
        Value shape = g.node("Concat").set("axis", 0).apply(count, g.integers(1, 1));
        return g.node("Expand").apply(x, shape);
    }
}
