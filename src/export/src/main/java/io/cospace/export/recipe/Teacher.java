package io.cospace.export.recipe;

import io.cospace.export.recipe.ClassTable.ImageClass;
import java.util.List;
import java.util.function.Function;

/**
 * The closed-form model (default-model recipe, section 1; the image side is ConSE of Norouzi et al.
 * 2014 over whitened vectors): a text stands at its whitened vector; a class at the mean of its
 * texts, at unit length; an image at the mean of the classes, each weighted by the probability that
 * the classifier gives it, at unit length.
 */
public final class Teacher {
    private final Whitening whitening;
    private final Matrix targets;

    private Teacher(Whitening whitening, Matrix targets) {
        this.whitening = whitening;
        this.targets = targets;
    }

    /**
     * Places the classes.
     *
     * @param classes in the order of the classifier's outputs
     * @param pooled raw text vector of a text, for all of {@link ImageClass#texts()}
     */
    public static Teacher of(
            Whitening whitening, List<ImageClass> classes, Function<String, float[]> pooled) {
        Matrix targets = Matrix.zeros(classes.size(), whitening.dimensions());
        for (int row = 0; row < classes.size(); row++) {
            double[] sum = new double[whitening.dimensions()];
            for (String text : classes.get(row).texts()) {
                Rows.add(sum, whitening.apply(pooled.apply(text)));
            }
            double[] target = Rows.unit(sum);
            for (int column = 0; column < target.length; column++) {
                targets.set(row, column, target[column]);
            }
        }
        return new Teacher(whitening, targets);
    }

    /** The same space turned by an orthogonal {@code rotation} [D, D]: all cosines stay. */
    public Teacher rotated(Matrix rotation) {
        return new Teacher(whitening.rotated(rotation), targets.times(rotation));
    }

    /** Unit vector [D] of a raw text vector. */
    public double[] text(float[] pooled) {
        return whitening.apply(pooled);
    }

    /** Unit vector [D] of the classifier's probabilities, or of any positive multiple of them. */
    public double[] image(float[] probabilities) {
        return Rows.unit(targets.apply(Rows.ofFloats(probabilities)));
    }

    public Whitening whitening() {
        return whitening;
    }

    /** Class targets t_c, one unit row a class: [classes, D]. */
    public Matrix targets() {
        return targets;
    }
}
