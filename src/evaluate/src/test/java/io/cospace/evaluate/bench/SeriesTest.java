package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private final List<String> turns = new ArrayList<>();

    @Test
    void contestants_take_turns_and_swap_their_order() throws InterruptedException {
        List<Series> series =
                Series.measure(
                        List.of(contestant("a", 10), contestant("b", 20)),
                        new Series.Turns(Duration.ofMillis(1), Duration.ofMillis(2), 3));
        assertThat(String.join("", turns)).isEqualTo("ab" + "ab" + "ba" + "ab");
        assertThat(series).extracting(Series::name).containsExactly("a", "b");
        assertThat(series.getFirst().samples()).hasSize(3);
        // Each run does as many more items as turns were taken: 13, 16 and 17 behind the warm-up.
        // less one.
        assertThat(series.getFirst().spread(Sample::itemsPerSecond))
                .isEqualTo(new Series.Spread(16, 13, 17));
    }

    private Contestant contestant(String name, int items) {
        return new Contestant() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Sample run(Duration duration) {
                turns.add(name);
                return sample(items + turns.size(), 1);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void ratios_are_taken_repeat_by_repeat() {
        Series fast = new Series("f", List.of(sample(100, 1), sample(300, 2), sample(90, 1)));
        Series slow = new Series("s", List.of(sample(50, 1), sample(100, 1), sample(30, 1)));
        assertThat(fast.ratio(slow, Sample::itemsPerSecond))
                .isEqualTo(new Series.Spread(2, 1.5, 3));
        assertThat(Series.Spread.of(1, 4, 2, 3)).isEqualTo(new Series.Spread(2.5, 1, 4));
    }

    @Test
    void quantiles_are_of_all_repeats_together() {
        Histogram one = new Histogram(1_000_000, 3);
        Histogram two = new Histogram(1_000_000, 3);
        for (int i = 0; i < 99; i++) {
            one.recordValue(1000);
        }
        two.recordValue(500_000);
        Series series =
                new Series(
                        "x",
                        List.of(
                                new Sample(99, 1, 1, 1, one, refusals(3_000), 1, Map.of()),
                                new Sample(1, 1, 1, 1, two, refusals(8_000), 0, Map.of(500, 2L))));
        assertThat(series.latencyMillis(50)).isBetween(1.0, 1.001);
        assertThat(series.latencyMillis(99.5)).isBetween(499.0, 501.0);
        assertThat(series.failed()).isEqualTo(2);
        assertThat(series.refused()).isEqualTo(2);
        assertThat(series.withoutRetryAfter()).isEqualTo(1);
        assertThat(series.refusalMillis(99)).isBetween(8.0, 8.01);
        assertThat(new Series("y", List.of(sample(1, 1))).refusalMillis(99)).isNaN();
        assertThat(new Series("y", List.of(sample(1, 1))).latencyMillis(50)).isNaN();
        assertThat(one.getTotalCount()).as("the parts are not changed").isEqualTo(99);
    }

    @Test
    void refuses_no_repeats() {
        assertThatThrownBy(() -> new Series.Turns(Duration.ZERO, Duration.ofSeconds(1), 0))
                .isInstanceOf(BenchException.class);
    }

    private static Histogram refusals(long micros) {
        Histogram histogram = new Histogram(1_000_000, 3);
        histogram.recordValue(micros);
        return histogram;
    }

    private static Sample sample(long items, double seconds) {
        return Sample.ofLoop(items, seconds, seconds);
    }
}
