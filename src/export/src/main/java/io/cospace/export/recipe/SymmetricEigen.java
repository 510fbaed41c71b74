package io.cospace.export.recipe;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first. An eigenvector's
 * sign is free; here its component of largest magnitude (the first of equals) is positive, so that
 * a bundle does not depend on the solver's choice.
 */
final class SymmetricEigen {
    private final double[] values;
    private final Matrix vectors;

    private SymmetricEigen(double[] values, Matrix vectors) {
        this.values = values;
        this.vectors = vectors;
    }

    /**
     * Decomposes {@code matrix}, of which only symmetry up to rounding is assumed.
     *
     * @throws IllegalArgumentException when it is not square or the iteration does not converge
     *     (not finite input)
     */
    static SymmetricEigen of(Matrix matrix) {
        int size = matrix.rows();
        if (size != matrix.columns()) {
            throw new IllegalArgumentException(
                    "matrix is [%d, %d]; it must be square".formatted(size, matrix.columns()));
        }
        EigenDecomposition_F64<DMatrixRMaj> solver =
                DecompositionFactory_DDRM.eig(size, true, true);
        if (!solver.decompose(symmetric(matrix))) {
            throw new IllegalArgumentException(
                    "eigenvalues of a [%d, %d] matrix did not converge".formatted(size, size));
        }
        int[] order =
                IntStream.range(0, size)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        (Integer i) -> -solver.getEigenvalue(i).getReal()))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] values = new double[size];
        Matrix vectors = Matrix.zeros(size, size);
        for (int column = 0; column < size; column++) {
            values[column] = solver.getEigenvalue(order[column]).getReal();
            double[] vector = solver.getEigenVector(order[column]).getData();
            double sign = signOfLargest(vector);
            for (int row = 0; row < size; row++) {
                vectors.set(row, column, sign * vector[row]);
            }
        }
        return new SymmetricEigen(values, vectors);
    }

    /** Eigenvalues, descending. */
    double[] values() {
        return values.clone();
    }

    /** Orthonormal eigenvectors as columns, in the order of {@link #values()}. */
    Matrix vectors() {
        return vectors;
    }

    /** The mean of both triangles: the solver insists on exact symmetry. */
    private static DMatrixRMaj symmetric(Matrix matrix) {
        int size = matrix.rows();
        DMatrixRMaj copy = new DMatrixRMaj(size, size);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                copy.set(row, column, 0.5 * (matrix.get(row, column) + matrix.get(column, row)));
            }
        }
        return copy;
    }

    private static double signOfLargest(double[] vector) {
        double largest = 0;
        for (double component : vector) {
            // A hair's breadth, so that two components equal but for rounding always give the first
            // one's sign.
            if (Math.abs(component) > Math.abs(largest) * (1 + 1e-9)) {
                largest = component;
            }
        }
        return largest < 0 ? -1 : 1;
    }
}
