package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    @Test
    void agrees_with_numpy() {
        // numpy.linalg.eigh of the same covariance, in double precision.
        Whitening whitening = Whitening.fit(Samples.cone(), new Whitening.Settings(0.25, 1e-4, 3));

        assertThat(whitening.apply(Samples.cone().get(0)))
                .containsExactly(new double[] {0.03965813, -0.874542, 0.48332549}, within(1e-7));
        assertThat(whitening.apply(Samples.cone().get(7)))
                .containsExactly(new double[] {0.01007241, 0.99293111, -0.11826395}, within(1e-7));
    }

    @Test
    void full_whitening_turns_the_covariance_into_the_identity() {
        List<float[]> vectors = Samples.cone();
        Whitening whitening = Whitening.fit(vectors, new Whitening.Settings(0.5, 1e-9, 4));

        Matrix moment = Matrix.zeros(4, 4);
        for (double[] unit : Samples.unitCone()) {
            double[] mean = whitening.mean();
            for (int i = 0; i < unit.length; i++) {
                unit[i] -= mean[i];
            }
            moment.addOuter(whitening.projection().apply(unit), 1.0 / vectors.size());
        }

        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                assertThat(moment.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    @Test
    void eigenvalues_below_the_floor_are_raised_to_it() {
        // Two unit vectors (0.8, +-0.6): variance 0.36 along y, none along x.
        List<float[]> vectors = List.of(new float[] {0.8f, 0.6f}, new float[] {0.8f, -0.6f});
        Whitening whitening = Whitening.fit(vectors, new Whitening.Settings(0.5, 0.01, 2));

        assertThat(whitening.mean()).containsExactly(new double[] {0.8, 0}, within(1e-7));
        // y first, divided by its deviation 0.6; x divided by sqrt(0.01 * 0.36).
        assertThat(whitening.projection().values())
                .containsExactly(new double[] {0, 1 / 0.06, 1 / 0.6, 0}, within(1e-5));
    }

    @Test
    void rotation_changes_no_cosine() {
        Whitening whitening = Whitening.fit(Samples.cone(), new Whitening.Settings(0.25, 1e-4, 4));
        Whitening rotated =
                whitening.rotated(PrincipalAxes.of(Samples.unitCone(), Samples.unitCone()));
        float[] left = Samples.cone().get(2);
        float[] right = Samples.cone().get(5);

        assertThat(Rows.dot(rotated.apply(left), rotated.apply(right)))
                .isCloseTo(Rows.dot(whitening.apply(left), whitening.apply(right)), within(1e-12));
    }

    @Test
    void length_of_a_vector_does_not_matter() {
        Whitening whitening = Whitening.fit(Samples.cone(), new Whitening.Settings(0.25, 1e-4, 4));
        float[] vector = Samples.cone().get(3);
        float[] twice = vector.clone();
        for (int i = 0; i < twice.length; i++) {
            twice[i] *= 2;
        }

        assertThat(whitening.apply(twice)).containsExactly(whitening.apply(vector), within(1e-12));
    }

    @Test
    void refuses_more_dimensions_than_the_vectors_have() {
        assertThatThrownBy(
                        () -> Whitening.fit(Samples.cone(), new Whitening.Settings(0.25, 1e-4, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimensions is 5; the vectors have 4");
    }

    @Test
    void refuses_vectors_that_are_all_equal() {
        List<float[]> equal = List.of(new float[] {1, 0}, new float[] {1, 0});

        assertThatThrownBy(() -> Whitening.fit(equal, new Whitening.Settings(0.25, 1e-4, 2)))
                .hasMessage("all 2 vectors are equal: nothing to whiten");
    }

    @Test
    void refuses_a_vector_of_length_zero() {
        List<float[]> vectors = List.of(new float[] {1, 0}, new float[] {0, 0});

        assertThatThrownBy(() -> Whitening.fit(vectors, new Whitening.Settings(0.25, 1e-4, 2)))
                .hasMessage("a vector of length 0.0 has no direction");
    }
}
