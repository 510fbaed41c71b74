package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
        Ratio ratio = fast.ratio(slow, Sample::itemsPerSecond);
        assertThat(ratio.spread()).isEqualTo(new Series.Spread(2, 1.5, 3));
        assertThat(ratio.interval().mean()).isCloseTo(Math.cbrt(9), within(1e-12));
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
                                sample(new Traffic(one, refusals(3_000), 1, Map.of(), 9, 9)),
                                sample(
                                        new Traffic(
                                                two, refusals(8_000), 0, Map.of(500, 2L), 9, 9))));
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

    @Test
    void marks_repeats_that_something_else_disturbed() {
        Sample quiet = new Sample(1, 10, new Cpu(19, 1, 0.9, 0.4), null);
        Sample shared = new Sample(1, 10, new Cpu(19, 1, 1.1, 0), null);
        Sample stolen = new Sample(1, 10, new Cpu(19, 1, 0, 0.6), null);
        Sample unknown = new Sample(1, 10, new Cpu(Double.NaN, 1, Double.NaN, Double.NaN), null);
        assertThat(List.of(quiet, shared, stolen, unknown))
                .extracting(Sample::noisy)
                .containsExactly(false, true, true, false);
        assertThat(new Series("x", List.of(quiet, shared, stolen)).noisy()).isEqualTo(2);
        assertThat(shared.otherCores()).isCloseTo(0.11, within(1e-12));
    }

    private static Histogram refusals(long micros) {
        Histogram histogram = new Histogram(1_000_000, 3);
        histogram.recordValue(micros);
        return histogram;
    }

    private static Sample sample(long items, double seconds) {
        return new Sample(items, seconds, new Cpu(seconds, Double.NaN, 0, 0), null);
    }

    private static Sample sample(Traffic traffic) {
        return new Sample(1, 1, new Cpu(1, 1, 0, 0), traffic);
    }
}
