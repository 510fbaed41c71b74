package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationFitTest {
    @Test
    void takes_range_and_median_of_each_dimension() {
        CalibrationFit fit =
                CalibrationFit.of(
                        List.of(
                                new float[] {0.5f, -1},
                                new float[] {-0.25f, -3},
                                new float[] {0.125f, 2},
                                new float[] {0, 7}));

        assertThat(fit.low()).containsExactly(-0.25f, -3f);
        assertThat(fit.high()).containsExactly(0.5f, 7f);
        assertThat(fit.median()).containsExactly(0.125f, 2f);
    }

    @Test
    void refuses_a_single_vector() {
        assertThatThrownBy(() -> CalibrationFit.of(List.of(new float[] {1})))
                .hasMessage("calibration needs two vectors or more, not 1");
    }
}
