package io.cospace.export.graph;

/**
 * Sequences that all have the same length: the patches of images.
 *
 * @param length rows of each
 */
record FixedSequences(GraphBuilder graph, long length) implements Sequences {
    @Override
    public Value pad(Value rows, long k) {
        return Ops.reshape(graph, rows, -1, length, k);
    }

    @Override
    public Value unpad(Value sequences, long k) {
        return Ops.reshape(graph, sequences, -1, k);
    }

    @Override
    public Value lengths() {
        return Value.NONE;
    }
}
