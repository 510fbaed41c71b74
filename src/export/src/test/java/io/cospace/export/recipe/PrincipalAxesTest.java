package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrincipalAxesTest {
    @Test
    void agrees_with_numpy() {
        // Four rows as one side, eight as the other: the weights 1/8 and 1/16 of numpy's second
        // moment.
        Matrix axes =
                PrincipalAxes.of(
                        Samples.unitCone().subList(0, 4), Samples.unitCone().subList(4, 12));

        assertThat(axes.row(0))
                .containsExactly(
                        new double[] {0.99631569, -0.04175618, 0.03017828, 0.06856199},
                        within(1e-7));
        assertThat(axes.row(3))
                .containsExactly(
                        new double[] {-0.07664686, -0.34585148, -0.06717746, 0.93273748},
                        within(1e-7));
    }

    @Test
    void both_sides_weigh_the_same_whatever_their_number() {
        List<double[]> alongX = List.of(new double[] {1, 0});
        List<double[]> alongY =
                List.of(new double[] {0.6, 0.8}, new double[] {0.6, 0.8}, new double[] {0.6, 0.8});
        List<double[]> once = List.of(new double[] {0.6, 0.8});

        assertThat(PrincipalAxes.of(alongX, alongY).values())
                .containsExactly(PrincipalAxes.of(alongX, once).values(), within(1e-12));
    }

    @Test
    void axes_are_orthonormal() {
        Matrix axes = PrincipalAxes.of(Samples.unitCone(), Samples.unitCone());

        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertThat(Rows.dot(axes.row(i), axes.row(j)))
                        .isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }
}
