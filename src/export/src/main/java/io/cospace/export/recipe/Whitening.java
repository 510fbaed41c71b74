package io.cospace.export.recipe;

import java.util.List;

/**
 * A linear map that spreads text vectors which all lie in one narrow cone: {@code n((n(v) - mean)
 * P)} with {@code P = Q diag(ev^-exponent)}, where {@code Q} and {@code ev} are eigenvectors and
 * eigenvalues of the covariance of the unit vectors {@code n(v)} it was fitted on, largest first
 * (default-model recipe, section 1). Exponent 0 only centres, 0.5 whitens fully.
 */
public final class Whitening {
    private final double[] mean;
    private final Matrix projection;

    private Whitening(double[] mean, Matrix projection) {
        this.mean = mean;
        this.projection = projection;
    }

    /**
     * How strong the whitening is.
     *
     * @param exponent power {@code a} of the eigenvalues, 0..0.5
     * @param floor smallest eigenvalue used, as a fraction of the largest: directions with next to
     *     no variance hold noise, which a negative power would blow up
     * @param dimensions how many eigenvectors to keep, 1..length of a vector
     */
    public record Settings(double exponent, double floor, int dimensions) {
        public Settings {
            if (!(exponent >= 0 && exponent <= 0.5)) {
                throw new IllegalArgumentException(
                        "exponent is " + exponent + "; it must be 0..0.5");
            }
            if (!(floor > 0 && floor <= 1)) {
                throw new IllegalArgumentException(
                        "floor is " + floor + "; it must be above 0 and at most 1");
            }
            if (dimensions < 1) {
                throw new IllegalArgumentException(
                        "dimensions is " + dimensions + "; it must be at least 1");
            }
        }
    }

    /** Fits mean and projection on {@code vectors}, of any length but zero. */
    public static Whitening fit(List<float[]> vectors, Settings settings) {
        int size = vectors.getFirst().length;
        if (settings.dimensions() > size) {
            throw new IllegalArgumentException(
                    "dimensions is " + settings.dimensions() + "; the vectors have " + size);
        }
        double[] mean = mean(vectors);
        SymmetricEigen eigen = SymmetricEigen.of(covariance(vectors, mean));
        double[] values = eigen.values();
        if (!(values[0] > 0)) {
            throw new IllegalArgumentException(
                    "all " + vectors.size() + " vectors are equal: nothing to whiten");
        }
        Matrix projection = eigen.vectors().firstColumns(settings.dimensions());
        for (int column = 0; column < projection.columns(); column++) {
            // StrictMath: Math.pow may differ by an ulp between machines.
            double scale =
                    StrictMath.pow(
                            Math.max(values[column], settings.floor() * values[0]),
                            -settings.exponent());
            for (int row = 0; row < projection.rows(); row++) {
                projection.set(row, column, projection.get(row, column) * scale);
            }
        }
        return new Whitening(mean, projection);
    }

    /**
     * The same map followed by {@code rotation} [D, k]; orthogonal columns leave every cosine as it
     * was.
     */
    public Whitening rotated(Matrix rotation) {
        return new Whitening(mean, projection.times(rotation));
    }

    /** {@code n((n(vector) - mean) P)}: a unit vector of {@link #dimensions()} values. */
    public double[] apply(float[] vector) {
        double[] centred = Rows.unit(Rows.ofFloats(vector));
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= mean[i];
        }
        return Rows.unit(projection.apply(centred));
    }

    public double[] mean() {
        return mean.clone();
    }

    /** [length of a vector, {@link #dimensions()}]. */
    public Matrix projection() {
        return projection;
    }

    public int dimensions() {
        return projection.columns();
    }

    private static double[] mean(List<float[]> vectors) {
        double[] sum = new double[vectors.getFirst().length];
        for (float[] vector : vectors) {
            Rows.add(sum, Rows.unit(Rows.ofFloats(vector)));
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= vectors.size();
        }
        return sum;
    }

    private static Matrix covariance(List<float[]> vectors, double[] mean) {
        Matrix covariance = Matrix.zeros(mean.length, mean.length);
        double weight = 1.0 / vectors.size();
        for (float[] vector : vectors) {
            double[] centred = Rows.unit(Rows.ofFloats(vector));
            for (int i = 0; i < centred.length; i++) {
                centred[i] -= mean[i];
            }
            covariance.addOuter(centred, weight);
        }
        return covariance;
    }
}
