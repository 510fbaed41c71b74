package io.cospace.export.recipe;

import java.util.Arrays;

/**
 * A dense matrix of doubles, row-major. Every sum runs in ascending index order on one thread, so
 * that the same input gives the same bits. Not thread-safe while it is being filled.
 */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final double[] values;

    private Matrix(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
    }

    /** Copies {@code rows}, which must be non-empty and of one length. */
    public static Matrix ofRows(double[]... rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("a matrix needs at least one row");
        }
        Matrix matrix = zeros(rows.length, rows[0].length);
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != matrix.columns) {
                throw new IllegalArgumentException(
                        "row "
                                + row
                                + " has "
                                + rows[row].length
                                + " values; the first has "
                                + matrix.columns);
            }
            System.arraycopy(rows[row], 0, matrix.values, row * matrix.columns, matrix.columns);
        }
        return matrix;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public double get(int row, int column) {
        return values[row * columns + column];
    }

    public void set(int row, int column, double value) {
        values[row * columns + column] = value;
    }

    /** The values themselves, row-major, not a copy. */
    public double[] values() {
        return values;
    }

    public double[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** The first {@code count} columns. */
    public Matrix firstColumns(int count) {
        Matrix cut = zeros(rows, count);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, row * columns, cut.values, row * count, count);
        }
        return cut;
    }

    public Matrix transposed() {
        Matrix turned = zeros(columns, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned.set(column, row, get(row, column));
            }
        }
        return turned;
    }

    /** {@code this * right}. */
    public Matrix times(Matrix right) {
        if (columns != right.rows) {
            throw new IllegalArgumentException(
                    "cannot multiply [%d, %d] by [%d, %d]"
                            .formatted(rows, columns, right.rows, right.columns));
        }
        Matrix product = zeros(rows, right.columns);
        for (int row = 0; row < rows; row++) {
            for (int inner = 0; inner < columns; inner++) {
                double factor = get(row, inner);
                int from = inner * right.columns;
                int to = row * right.columns;
                for (int column = 0; column < right.columns; column++) {
                    product.values[to + column] += factor * right.values[from + column];
                }
            }
        }
        return product;
    }

    /** {@code row * this} for one row of {@link #rows()} values. */
    public double[] apply(double[] row) {
        if (row.length != rows) {
            throw new IllegalArgumentException(
                    "row has " + row.length + " values; the matrix has " + rows + " rows");
        }
        double[] result = new double[columns];
        for (int inner = 0; inner < rows; inner++) {
            double factor = row[inner];
            int from = inner * columns;
            for (int column = 0; column < columns; column++) {
                result[column] += factor * values[from + column];
            }
        }
        return result;
    }

    /**
     * Adds {@code weight * row^T row} to this square matrix: one term of a second-moment matrix.
     */
    public void addOuter(double[] row, double weight) {
        for (int i = 0; i < row.length; i++) {
            double factor = weight * row[i];
            int to = i * columns;
            for (int j = 0; j < columns; j++) {
                values[to + j] += factor * row[j];
            }
        }
    }

    /** Single precision, row-major: what a safetensors file takes. */
    public float[] toFloats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
