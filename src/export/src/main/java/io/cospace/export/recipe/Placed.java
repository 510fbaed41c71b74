package io.cospace.export.recipe;

import io.cospace.evaluate.data.Pair;
import java.util.List;
import java.util.function.Function;

/**
 * Where the pairs and texts that were read stand in a space.
 *
 * @param dimensions D
 * @param image unit vector [D] of a pair's picture
 * @param text unit vector [D] of a text
 */
record Placed(int dimensions, Function<Pair, double[]> image, Function<String, double[]> text) {

    /** Where a closed-form teacher has them. */
    static Placed by(Teacher teacher, RawVectors raw) {
        return new Placed(
                teacher.targets().columns(),
                pair -> teacher.image(raw.image(pair)),
                text -> teacher.text(raw.text(text)));
    }

    /** The rotation over training pictures and captions that puts what matters first. */
    Matrix axes(List<Pair> training) {
        return PrincipalAxes.of(
                training.stream().map(image).toList(),
                training.stream().map(pair -> text.apply(Corpus.caption(pair))).toList());
    }

    /** The same space turned by an orthogonal {@code rotation} [D, D]: all cosines stay. */
    Placed rotated(Matrix rotation) {
        return new Placed(
                dimensions,
                pair -> Rows.unit(rotation.apply(image.apply(pair))),
                each -> Rows.unit(rotation.apply(text.apply(each))));
    }
}
