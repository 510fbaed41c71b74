package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;

/**
 * Cuts images into square patches, one row each, so that a patch embedding is a matrix product over
 * the convolution's own weights. A border that does not fill a patch is left out, as a convolution
 * without padding does.
 *
 * @param size of the image's sides in pixels
 * @param patch side of a patch in pixels
 * @param order of the values of a patch
 */
record Patches(int size, int patch, Order order) {
    /** The dimension that varies least comes first. */
    enum Order {
        /** [3, patch, patch], as the weights of a convolution have it. */
        CHANNEL_FIRST,
        /** [patch, patch, 3], as SigLIP 2's NaFlex embedding has it. */
        CHANNEL_LAST
    }

    Patches {
        if (patch < 1 || size < patch) {
            throw new IllegalArgumentException(
                    "patches of %d px in images of %d px".formatted(patch, size));
        }
    }

    /** Patches along a side. */
    int grid() {
        return size / patch;
    }

    int count() {
        return grid() * grid();
    }

    /** Adds the graph input {@code pixels} fp32 [n, 3, size, size], RGB. */
    Value pixels(GraphBuilder g) {
        return g.input("pixels", DataType.FLOAT, Shape.of("n").by(3, size, size));
    }

    /**
     * Images [n, 3, size, size] to rows [n * count, 3 * patch * patch], row by row of the image.
     */
    Value rows(GraphBuilder g, Value pixels) {
        int used = grid() * patch;
        Value whole =
                used == size
                        ? pixels
                        : g.node("Slice")
                                .apply(
                                        pixels,
                                        g.integers(0, 0),
                                        g.integers(used, used),
                                        g.integers(2, 3));
        Value cut = Ops.reshape(g, whole, -1, 3, grid(), patch, grid(), patch);
        long[] perm =
                order == Order.CHANNEL_FIRST
                        ? new long[] {0, 2, 4, 1, 3, 5}
                        : new long[] {0, 2, 4, 3, 5, 1};
        Value sorted = g.node("Transpose").set("perm", perm).apply(cut);
        return Ops.reshape(g, sorted, -1, 3L * patch * patch);
    }
}
