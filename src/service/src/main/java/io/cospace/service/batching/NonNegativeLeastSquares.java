package io.cospace.service.batching;

/**
 * Solves min |A x - y| over x >= 0 by cyclic coordinate descent on the normal equations. The
 * problem is convex, so it converges from anywhere (Franc, Hlavac, Navara: "Sequential
 * coordinate-wise algorithm for the non-negative least squares problem", CAIP 2005), also where
 * columns depend on each other, as the features of equally long rows do.
 */
final class NonNegativeLeastSquares {

    private static final int MOST_SWEEPS = 20_000;
    private static final double SMALLEST_STEP = 1e-12;

    private NonNegativeLeastSquares() {}

    /**
     * Fits.
     *
     * @param a [samples][features]
     * @param y [samples]
     * @return [features], none negative; a feature that is always 0 gets 0
     */
    static double[] solve(double[][] a, double[] y) {
        int n = a[0].length;
        double[] scale = norms(a);
        double[][] gram = new double[n][n];
        double[] target = new double[n];
        for (int s = 0; s < a.length; s++) {
            for (int j = 0; j < n; j++) {
                double value = scaled(a[s][j], scale[j]);
                target[j] += value * y[s];
                for (int k = 0; k < n; k++) {
                    gram[j][k] += value * scaled(a[s][k], scale[k]);
                }
            }
        }
        double[] x = descend(gram, target);
        for (int j = 0; j < n; j++) {
            x[j] = scaled(x[j], scale[j]);
        }
        return x;
    }

    private static double[] descend(double[][] gram, double[] target) {
        int n = target.length;
        double[] x = new double[n];
        double step = Double.POSITIVE_INFINITY;
        for (int sweep = 0; sweep < MOST_SWEEPS && step > SMALLEST_STEP; sweep++) {
            step = 0;
            for (int j = 0; j < n; j++) {
                if (gram[j][j] > 0) {
                    double gradient = -target[j];
                    for (int k = 0; k < n; k++) {
                        gradient += gram[j][k] * x[k];
                    }
                    double better = Math.max(0, x[j] - gradient / gram[j][j]);
                    step = Math.max(step, Math.abs(better - x[j]));
                    x[j] = better;
                }
            }
        }
        return x;
    }

    /**
     * Length of each column: features differ by orders of magnitude, and descent is slow on that.
     */
    private static double[] norms(double[][] a) {
        double[] norms = new double[a[0].length];
        for (double[] row : a) {
            for (int j = 0; j < norms.length; j++) {
                norms[j] += row[j] * row[j];
            }
        }
        for (int j = 0; j < norms.length; j++) {
            norms[j] = Math.sqrt(norms[j]);
        }
        return norms;
    }

    private static double scaled(double value, double norm) {
        return norm == 0 ? 0 : value / norm;
    }
}
