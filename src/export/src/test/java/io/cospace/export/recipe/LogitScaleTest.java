package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogitScaleTest {
    private static final List<double[]> IMAGES = Samples.unitCone().subList(0, 6);
    private static final List<double[]> TEXTS = Samples.unitCone().subList(6, 12);

    @Test
    void loss_agrees_with_numpy() {
        double[][] cosines = new double[6][6];
        boolean[][] counted = new boolean[6][6];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                cosines[i][j] = Rows.dot(IMAGES.get(i), TEXTS.get(j));
                counted[i][j] = true;
            }
        }

        assertThat(LogitScale.loss(cosines, counted, 1))
                .isCloseTo(1.743443388490253, within(1e-12));
        assertThat(LogitScale.loss(cosines, counted, 7.5))
                .isCloseTo(1.8197737157148974, within(1e-12));
    }

    @Test
    void balances_a_pair_that_is_found_against_one_that_is_missed() {
        // The first pair leads by 0.3 both ways, the second trails by 0.1. With u = exp(0.1 scale)
        // the derivative is
        // zero where u^3 - u^2 + u - 3 = 0, that is at u = 1.5747.
        List<double[]> images = List.of(new double[] {1, 0}, new double[] {0, 1});
        List<double[]> texts = List.of(new double[] {0.3, 0}, new double[] {0, -0.1});

        double u = Math.exp(0.1 * LogitScale.fit(images, texts, List.of("found", "missed")));

        assertThat(u * u * u - u * u + u - 3).isCloseTo(0, within(1e-4));
    }

    @Test
    void equal_captions_are_no_negatives() {
        List<double[]> images =
                List.of(new double[] {1, 0}, new double[] {0.8, 0.6}, new double[] {0, 1});
        // The first two share a caption: whatever the scale, they do not compete, so the best one
        // is the largest.
        List<double[]> texts =
                List.of(new double[] {0.9, 0.1}, new double[] {0.9, 0.1}, new double[] {0, 1});

        assertThat(LogitScale.fit(images, texts, List.of("same", "same", "other")))
                .isCloseTo(100, within(1e-3));
        assertThat(LogitScale.fit(images, texts, List.of("one", "two", "three"))).isLessThan(50);
    }

    @Test
    void refuses_a_single_pair() {
        assertThatThrownBy(() ->
                        LogitScale.fit(IMAGES.subList(0, 1), TEXTS.subList(0, 1), List.of("a")))
                .hasMessage("1 images, 1 texts, 1 captions; a fit needs two pairs or more");
    }
}
