package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.export.recipe.ClassTable.ImageClass;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeacherTest {
    private static final Whitening WHITENING =
            Whitening.fit(Samples.cone(), new Whitening.Settings(0.25, 1e-4, 4));
    private static final List<ImageClass> CLASSES =
            List.of(
                    new ImageClass("n1", List.of("0"), "1"),
                    new ImageClass("n2", List.of("2", "3"), "4"));

    /** "a photo of a 2" is the vector of 2 + 5. */
    private static float[] pooled(String text) {
        String photo = "a photo of a ";
        int index =
                text.startsWith(photo)
                        ? Integer.parseInt(text.substring(photo.length())) + 5
                        : Integer.parseInt(text);
        return Samples.cone().get(index);
    }

    @Test
    void a_class_stands_at_the_mean_of_its_whitened_texts() {
        Teacher teacher = Teacher.of(WHITENING, CLASSES, TeacherTest::pooled);

        double[] sum = new double[4];
        for (int index : new int[] {2, 7, 3, 8, 4}) {
            Rows.add(sum, WHITENING.apply(Samples.cone().get(index)));
        }

        assertThat(teacher.targets().row(1)).containsExactly(Rows.unit(sum), within(1e-12));
    }

    @Test
    void an_image_stands_between_its_classes_by_probability() {
        Teacher teacher = Teacher.of(WHITENING, CLASSES, TeacherTest::pooled);

        assertThat(teacher.image(new float[] {1, 0}))
                .containsExactly(teacher.targets().row(0), within(1e-12));
        double[] between = new double[4];
        for (int i = 0; i < 4; i++) {
            between[i] = 0.25 * teacher.targets().get(0, i) + 0.75 * teacher.targets().get(1, i);
        }
        assertThat(teacher.image(new float[] {0.25f, 0.75f}))
                .containsExactly(Rows.unit(between), within(1e-12));
    }

    @Test
    void a_rotation_turns_both_sides_alike() {
        Teacher teacher = Teacher.of(WHITENING, CLASSES, TeacherTest::pooled);
        Teacher rotated = teacher.rotated(PrincipalAxes.of(Samples.unitCone(), Samples.unitCone()));
        float[] probabilities = {0.4f, 0.6f};
        float[] text = Samples.cone().get(9);

        assertThat(Rows.dot(rotated.image(probabilities), rotated.text(text)))
                .isCloseTo(
                        Rows.dot(teacher.image(probabilities), teacher.text(text)), within(1e-12));
    }
}
