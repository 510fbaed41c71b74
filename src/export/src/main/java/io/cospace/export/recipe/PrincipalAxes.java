package io.cospace.export.recipe;

import java.util.List;

/**
 * The rotation that puts most of the vectors' length into the leading dimensions, so that a prefix
 * of a vector can stand for the whole: eigenvectors of the uncentred second moment of images and
 * texts, both sides in equal weight whatever their number. Uncentred, because a cosine is taken
 * about the origin.
 */
final class PrincipalAxes {
    private PrincipalAxes() {}

    /**
     * Finds the axes.
     *
     * @param images unit vectors [n][D]
     * @param texts unit vectors [m][D]
     * @return orthogonal [D, D]; a vector times it is the rotated vector, most important dimension
     *     first
     */
    static Matrix of(List<double[]> images, List<double[]> texts) {
        int size = images.getFirst().length;
        Matrix moment = Matrix.zeros(size, size);
        for (List<double[]> side : List.of(images, texts)) {
            double weight = 0.5 / side.size();
            for (double[] vector : side) {
                moment.addOuter(vector, weight);
            }
        }
        return SymmetricEigen.of(moment).vectors();
    }
}
