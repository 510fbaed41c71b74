package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.evaluate.Capacity.Cost;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final Cost COST = new Cost("short", 2.6, 250, 8000);
    private static final Capacity CAPACITY = new Capacity(0.65, 1, 0.25, 1.5);

    @Test
    void pods_are_busy_cores_over_what_a_pod_may_be_busy() {
        assertThat(COST.busyCores(1000)).isCloseTo(2.6, within(1e-12));
        // 2.6 cores / (2 x .65) is 2 exactly, and one to spare.
        assertThat(CAPACITY.pods(COST, 1000, 2)).isEqualTo(3);
        assertThat(CAPACITY.pods(COST, 1001, 2)).isEqualTo(4);
        assertThat(CAPACITY.pods(COST, 1_000_000, 2)).isEqualTo(2001);
        assertThat(CAPACITY.pods(COST, 1_000_000, 16)).isEqualTo(251);
        assertThat(new Capacity(0.65, 0, 0.25, 1.5).pods(COST, 1, 2)).as("never one").isEqualTo(2);
    }

    @Test
    void autoscalers_range_from_the_trough_to_beyond_the_peak() {
        assertThat(CAPACITY.minReplicas(COST, 100_000, 2)).isEqualTo(51);
        assertThat(CAPACITY.maxReplicas(COST, 100_000, 2)).isEqualTo(302); // 201 x 1.5
    }

    @Test
    void bandwidth_and_money() {
        assertThat(COST.gigabitsIn(1_000_000)).isCloseTo(2, within(1e-9));
        assertThat(COST.gigabitsOut(1_000_000)).isCloseTo(64, within(1e-9));
        assertThat(Capacity.monthly(10, 2, 0.05)).isCloseTo(730, within(1e-9));
    }

    @Test
    void refuses_what_cannot_be() {
        assertThatThrownBy(() -> new Capacity(1.1, 1, 0.5, 1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> new Capacity(0.5, 1, 0, 1)).hasMessageContaining("(0, 1]");
        assertThatThrownBy(() -> new Capacity(0.5, 1, 0.5, 0.9)).hasMessageContaining("0.9");
        assertThatThrownBy(() -> new Cost("x", 0, 1, 1))
                .hasMessageContaining("cost of x is 0.0 ms");
        assertThatThrownBy(() -> new Cost("x", 1, -1, 1)).isInstanceOf(EvaluationException.class);
    }

    @Test
    void the_page_says_how_to_make_it_again() {
        CapacityPage page =
                new CapacityPage(
                        CAPACITY,
                        List.of(COST),
                        List.of(1e3, 1e6),
                        List.of(2.0, 16.0),
                        1.5,
                        OptionalDouble.of(0.05),
                        "here");
        assertThat(page.markdown().lines())
                .contains(
                        "  --cost 'short=2.6:250:8000' \\",
                        "  --cores 2,16 --rates 1000,1000000 --utilisation 0.65 --spare 1 --trough 0.25"
                                + " --headroom 1.5 --memory 1.5 --price 0.05 \\",
                        "| short | 2.6 | 250 | 8,000 |",
                        "| 1,000 | 2.6 | **3** (2..5, 5 GiB, 219) | **2** (2..3, 3 GiB, 1,168) |"
                                + " 0.002 | 0.064 |",
                        "| 1,000,000 | 2600 | **2,001** (501..3,002, 3,002 GiB, 146,073) |"
                                + " **251** (64..377, 377 GiB, 146,584) | 2 | 64 |");
    }
}
