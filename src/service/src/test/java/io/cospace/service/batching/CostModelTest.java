package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CostModelTest {

    /** A transformer's cost: fixed, a row, a token, attention. */
    private static final CostModel TRUTH = new CostModel(0.4, 0.05, 0.2, 0.01, 0.0004);

    private static List<CostSample> samples(double noise, long seed) {
        Random random = new Random(seed);
        List<CostSample> samples = new ArrayList<>();
        for (int rows : new int[] {1, 2, 4, 8, 16}) {
            for (int longest : new int[] {4, 16, 64, 256}) {
                for (double fill : new double[] {1, 0.6}) {
                    long units = Math.max(rows, Math.round(rows * longest * fill));
                    double millis = TRUTH.millis(rows, units, longest);
                    double factor = 1 + noise * random.nextGaussian();
                    samples.add(new CostSample(rows, units, longest, millis * factor));
                }
            }
        }
        return samples;
    }

    @Test
    void the_fit_recovers_the_law_that_made_the_samples() {
        CostModel fitted = CostModel.fit(samples(0, 1));

        for (CostSample sample : samples(0, 1)) {
            assertThat(fitted.millis(sample.rows(), sample.units(), sample.longest()))
                    .isCloseTo(sample.millis(), within(sample.millis() * 0.002));
        }
        assertThat(fitted.millis(3, 60, 30)).isCloseTo(TRUTH.millis(3, 60, 30), within(0.05));
    }

    @Test
    void noise_of_a_tenth_moves_predictions_by_less() {
        CostModel fitted = CostModel.fit(samples(0.1, 7));

        for (CostSample sample : samples(0, 7)) {
            assertThat(fitted.millis(sample.rows(), sample.units(), sample.longest()))
                    .isCloseTo(sample.millis(), within(sample.millis() * 0.12));
        }
    }

    @Test
    void no_coefficient_is_negative_where_plain_least_squares_would_be() {
        // Longer batches that cost less than short ones: the best line falls.
        CostModel fitted =
                CostModel.fit(
                        List.of(
                                new CostSample(1, 10, 10, 3),
                                new CostSample(1, 20, 20, 2),
                                new CostSample(1, 40, 40, 1)));

        assertThat(fitted.perUnit()).isZero();
        assertThat(fitted.perPaddedSquare()).isZero();
        assertThat(fitted.millis(1, 10, 10)).isCloseTo(fitted.millis(1, 40, 40), within(1e-9));
        assertThat(fitted.millis(1, 10, 10)).isBetween(1.0, 2.0);
    }

    @Test
    void one_sample_gives_a_model_that_predicts_it() {
        assertThat(CostModel.fit(List.of(new CostSample(1, 1, 1, 5))).millis(1, 1, 1))
                .isCloseTo(5, within(1e-6));
    }

    @Test
    void rejects_negative_coefficients_and_impossible_samples() {
        assertThatThrownBy(() -> CostModel.linear(-1, 0))
                .hasMessage("a cost coefficient is -1.0; must be finite and not negative");
        assertThatThrownBy(() -> CostModel.fit(List.of())).hasMessage("no sample to fit");
        assertThatThrownBy(() -> new CostSample(4, 3, 1, 1))
                .hasMessage("sample of 4 rows, 3 units, longest 1, 1.0 ms is impossible");
    }

    @Test
    void the_correction_follows_the_machine_and_is_bounded() {
        LaneCost cost = new LaneCost(LaneSettings.of("text", 8, 256), CostModel.linear(0, 1));
        for (int i = 0; i < 200; i++) {
            double predicted = cost.millis(Cores.ONE, 1, 10, 10);
            cost.observe(Cores.ONE, predicted, 20);
        }
        assertThat(cost.millis(Cores.ONE, 1, 10, 10)).isCloseTo(20, within(0.1));
        assertThat(cost.millis(Cores.ALL, 1, 10, 10)).isEqualTo(10);

        for (int i = 0; i < 1_000; i++) {
            cost.observe(Cores.ONE, cost.millis(Cores.ONE, 1, 10, 10), 1e9);
        }
        assertThat(cost.millis(Cores.ONE, 1, 10, 10)).isCloseTo(80, within(1e-6));
    }

    @Test
    void one_pause_of_the_machine_hardly_moves_the_prediction() {
        LaneCost cost = new LaneCost(LaneSettings.of("text", 8, 256), CostModel.linear(0, 1));
        cost.observe(Cores.ONE, 10, 10_000);

        assertThat(cost.millis(Cores.ONE, 1, 10, 10)).isBetween(10.0, 10.8);
    }

    @Test
    void an_item_costs_its_part_of_a_full_batch() {
        LaneCost cost = new LaneCost(LaneSettings.of("text", 8, 256), CostModel.linear(8, 1));

        assertThat(cost.share(16)).isEqualTo(8.0 / 8 + 16);
        assertThat(cost.share(128)).isEqualTo(8.0 / 2 + 128);
        assertThat(cost.share(512)).isEqualTo(8 + 512);
    }
}
