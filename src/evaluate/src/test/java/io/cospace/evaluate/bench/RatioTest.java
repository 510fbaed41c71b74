package io.cospace.evaluate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void the_mean_is_geometric_so_that_both_ways_say_the_same() {
        Ratio there = Ratio.of(0.5, 2, 4, 1.5, 0.9);
        Ratio back = Ratio.of(2, 0.5, 0.25, 1 / 1.5, 1 / 0.9);
        assertThat(there.interval().mean())
                .isCloseTo(Math.pow(0.5 * 2 * 4 * 1.5 * 0.9, 0.2), within(1e-12))
                .isCloseTo(1 / back.interval().mean(), within(1e-12));
        // The same draws, turned over: the ends change places.
        assertThat(there.interval().low()).isCloseTo(1 / back.interval().high(), within(1e-2));
    }

    @Test
    void equal_turns_leave_no_doubt() {
        Ratio same = Ratio.of(1.25, 1.25, 1.25);
        assertThat(same.spread()).isEqualTo(new Series.Spread(1.25, 1.25, 1.25));
        assertThat(same.interval().low()).isCloseTo(1.25, within(1e-12));
        assertThat(same.interval().high()).isCloseTo(1.25, within(1e-12));
    }

    @Test
    void three_turns_give_their_ends() {
        Ratio three = Ratio.of(1, 1.1, 1.3);
        assertThat(three.interval().low()).isCloseTo(1, within(1e-9));
        assertThat(three.interval().high()).isCloseTo(1.3, within(1e-9));
    }

    /** Normal logarithms: a percentile bootstrap of 40 holds the truth about 94 times in 100. */
    @Test
    void the_interval_holds_the_truth_as_often_as_it_says() {
        SplittableRandom random = new SplittableRandom(5);
        int holds = 0;
        int runs = 400;
        for (int run = 0; run < runs; run++) {
            double[] ratios =
                    DoubleStream.generate(() -> 1.2 * Math.exp(0.1 * random.nextGaussian()))
                            .limit(40)
                            .toArray();
            Ratio ratio = Ratio.of(ratios);
            holds += ratio.interval().low() <= 1.2 && 1.2 <= ratio.interval().high() ? 1 : 0;
        }
        assertThat((double) holds / runs).isBetween(0.90, 0.98);
    }

    @Test
    void what_was_not_measured_stays_unknown() {
        assertThat(Ratio.of(1, Double.NaN).interval().mean()).isNaN();
    }
}
