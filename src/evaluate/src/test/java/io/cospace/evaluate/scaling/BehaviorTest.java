package io.cospace.evaluate.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BehaviorTest {
    private final Behavior behavior = new Behavior(Policy.RULES);

    private int apply(double now, int current, int wished) {
        return behavior.apply(now, current, wished, 2, 20);
    }

    @Test
    void doubles_or_adds_four_in_a_period_and_never_passes_the_bounds() {
        assertThat(apply(0, 2, 50)).isEqualTo(6);
        assertThat(apply(5, 6, 50)).as("the period's four are used up").isEqualTo(6);
        assertThat(apply(15, 6, 50)).isEqualTo(12);
        assertThat(apply(30, 12, 50)).isEqualTo(20);
        assertThat(apply(45, 20, 50)).isEqualTo(20);
    }

    @Test
    void goes_down_when_five_minutes_have_wished_so_by_a_quarter_a_minute() {
        assertThat(apply(0, 8, 8)).isEqualTo(8);
        for (int now = 15; now < 300; now += 15) {
            assertThat(apply(now, 8, 1)).as("at %d", now).isEqualTo(8);
        }
        assertThat(apply(300, 8, 1)).isEqualTo(6);
        assertThat(apply(315, 6, 1)).isEqualTo(6);
        assertThat(apply(360, 6, 1)).isEqualTo(4);
        assertThat(apply(420, 4, 1)).isEqualTo(3);
        assertThat(apply(480, 3, 1)).isEqualTo(2);
        assertThat(apply(540, 2, 1)).isEqualTo(2);
    }

    @Test
    void what_was_wished_for_within_the_window_holds_up() {
        assertThat(apply(0, 5, 7)).isEqualTo(7);
        assertThat(apply(150, 7, 6)).isEqualTo(7);
        assertThat(apply(301, 7, 2)).as("six was wished for 151 s ago").isEqualTo(6);
    }
}
