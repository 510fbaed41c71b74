package io.cospace.export.graph;

import io.cospace.export.onnx.TensorShapeProto;
import io.cospace.export.onnx.TensorShapeProto.Dimension;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a graph input or output: named dimensions, known only when the graph runs, then
 * fixed ones.
 *
 * @param dimensions outermost first
 */
public record Shape(List<Dimension> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
    }

    /** Dimensions that vary from run to run; equal names mean equal sizes. */
    public static Shape of(String... names) {
        List<Dimension> dimensions = new ArrayList<>();
        for (String name : names) {
            dimensions.add(Dimension.newBuilder().setDimParam(name).build());
        }
        return new Shape(dimensions);
    }

    /** This shape followed by dimensions of fixed sizes. */
    public Shape by(long... sizes) {
        List<Dimension> all = new ArrayList<>(dimensions);
        for (long size : sizes) {
            all.add(Dimension.newBuilder().setDimValue(size).build());
        }
        return new Shape(all);
    }

    TensorShapeProto proto() {
        return TensorShapeProto.newBuilder().addAllDim(dimensions).build();
    }
}
