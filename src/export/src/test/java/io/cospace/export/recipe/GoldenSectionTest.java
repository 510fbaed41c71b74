package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GoldenSectionTest {
    @Test
    void finds_the_bottom_of_a_parabola() {
        assertThat(GoldenSection.minimum(x -> (x - 3.25) * (x - 3.25), 1, 100, 1e-6))
                .isCloseTo(3.25, within(1e-6));
    }

    @Test
    void runs_to_an_end_when_there_is_no_bottom_between() {
        assertThat(GoldenSection.minimum(x -> -x, 1, 100, 1e-6)).isCloseTo(100, within(1e-6));
        assertThat(GoldenSection.minimum(x -> x, 1, 100, 1e-6)).isCloseTo(1, within(1e-6));
    }

    @Test
    void refuses_an_empty_bracket() {
        assertThatThrownBy(() -> GoldenSection.minimum(x -> x, 2, 2, 1e-6))
                .hasMessage("bracket [2.0, 2.0] and width 1.0E-6 must be positive");
    }
}
