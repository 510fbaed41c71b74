package io.cospace.export.graph;

import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.PositionGrid.Method;
import java.nio.ByteBuffer;

/**
 * The position embeddings of an image tower: the stored table, or one that is made of it for images
 * of another size than it was trained with.
 *
 * @param table stored, [leading + g * g, w], perhaps behind dimensions of 1
 * @param leading rows before the grid's: 1 for a class token
 * @param width w
 * @param grid patches along a side of the images that are read
 * @param method of resizing
 */
record PositionTable(Slice table, int leading, int width, int grid, Method method) {
    PositionTable {
        if (table.info().elements() % width != 0 || side(table, leading, width) < 1) {
            throw new IllegalArgumentException(
                    "%s %s is no table of rows of %d for a square of patches and %d more"
                            .formatted(table.stored(), table.info(), width, leading));
        }
    }

    private static int side(Slice table, int leading, int width) {
        return side(table.info(), leading, width);
    }

    /** Patches along a side of a table's own grid; below 1 if that is no square. */
    static int side(TensorInfo table, int leading, int width) {
        long rows = table.elements() / width - leading;
        int side = (int) Math.round(Math.sqrt((double) rows));
        return (long) side * side == rows ? side : -1;
    }

    /** What a person should know of it: nothing if the table is used as it is. */
    static String note(int stored, int grid, Method method) {
        return stored == grid
                ? ""
                : ", positions of %d x %d patches resized to %d x %d (%s)"
                        .formatted(stored, stored, grid, grid, method);
    }

    /** [leading + grid * grid, w]. */
    Value value(Target target) {
        long rows = leading + (long) grid * grid;
        if (side(table, leading, width) == grid) {
            return target.single(table.shaped(rows, width));
        }
        return target.derived(
                table.id() + "_grid" + grid,
                new TensorInfo(DataType.F32, rows, width),
                () -> bytes(PositionGrid.resize(table.floats(), leading, width, grid, method)));
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = GraphBuilder.littleEndian(values.length * Float.BYTES);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }
}
