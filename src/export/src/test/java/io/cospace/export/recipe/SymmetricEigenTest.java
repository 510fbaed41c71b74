package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SymmetricEigenTest {
    @Test
    void orders_by_size_and_makes_the_largest_component_positive() {
        Matrix matrix =
                Matrix.ofRows(
                        new double[] {1, 0, 0}, new double[] {0, 5, -1}, new double[] {0, -1, 5});

        SymmetricEigen eigen = SymmetricEigen.of(matrix);

        double half = Math.sqrt(0.5);
        assertThat(eigen.values()).containsExactly(new double[] {6, 4, 1}, within(1e-12));
        assertThat(eigen.vectors().values())
                .containsExactly(
                        new double[] {0, 0, 1, half, half, 0, -half, half, 0}, within(1e-12));
    }

    @Test
    void refuses_a_matrix_that_is_not_square() {
        assertThatThrownBy(() -> SymmetricEigen.of(Matrix.zeros(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("matrix is [2, 3]; it must be square");
    }
}
