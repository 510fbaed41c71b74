package io.cospace.evaluate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(4000, 1, 0.95);

    @Test
    void comes_close_to_the_normal_interval_of_a_share() {
        double[] values = new double[400];
        Arrays.fill(values, 0, 100, 1);
        Interval interval = BOOTSTRAP.interval(values);
        double half = 1.96 * Math.sqrt(0.25 * 0.75 / 400);
        assertThat(interval.mean()).isEqualTo(0.25);
        assertThat(interval.low()).isCloseTo(0.25 - half, within(0.006));
        assertThat(interval.high()).isCloseTo(0.25 + half, within(0.006));
    }

    @Test
    void values_that_go_together_widen_the_interval() {
        double[] values = new double[400];
        Arrays.fill(values, 0, 100, 1);
        int[] clusters = new int[400];
        Arrays.setAll(clusters, i -> i / 4);
        Interval single = BOOTSTRAP.interval(values);
        Interval fours = BOOTSTRAP.interval(values, clusters);
        assertThat(fours.mean()).isEqualTo(0.25);
        assertThat((fours.high() - fours.low()) / (single.high() - single.low()))
                .isCloseTo(2, within(0.2));
    }

    @Test
    void same_seed_same_interval() {
        double[] values = {0, 1, 1, 0, 1, 0.5};
        assertThat(BOOTSTRAP.interval(values)).isEqualTo(BOOTSTRAP.interval(values));
        assertThat(new Bootstrap(10, 2, 0.9).interval(values))
                .isNotEqualTo(new Bootstrap(10, 3, 0.9).interval(values));
    }

    @Test
    void a_constant_has_no_width() {
        assertThat(BOOTSTRAP.interval(new double[] {2, 2, 2})).isEqualTo(new Interval(2, 2, 2));
    }

    @Test
    void refuses_nonsense() {
        assertThatThrownBy(() -> new Bootstrap(0, 1, 0.95))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bootstrap(1, 1, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BOOTSTRAP.interval(new double[0]))
                .hasMessage("0 values in 0 clusters");
    }
}
