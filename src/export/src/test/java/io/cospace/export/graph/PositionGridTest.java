package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.PositionGrid.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PositionGridTest {
    private static final int WIDTH = 8;

    @ParameterizedTest
    @CsvSource({
        "CORNERS,6,align_corners_true_6",
        "CORNERS,3,align_corners_true_3",
        "BORDERS,6,align_corners_false_6",
        "BORDERS,3,align_corners_false_3",
        "ANTIALIASED,6,open_clip_antialias_6",
        "ANTIALIASED,3,open_clip_antialias_3"
    })
    void equals_golden(Method method, int to, String expected) {
        try (Safetensors golden =
                Safetensors.open(
                        Golden.of("image").folder().resolve("pos_embed_resize.safetensors"))) {
            float[] resized = PositionGrid.resize(golden.floats("source"), 1, WIDTH, to, method);
            Golden.assertClose(resized, golden.floats(expected), 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"CORNERS", "BORDERS", "ANTIALIASED"})
    void keeps_a_table_of_the_same_size(Method method) {
        float[] table = EfficientNetLiteTest.random(new java.util.SplittableRandom(2), 80, 1);
        Golden.assertClose(PositionGrid.resize(table, 1, WIDTH, 3, method), table, 1e-6);
    }

    @Test
    void refuses_a_grid_that_is_not_square() {
        assertThatThrownBy(() -> PositionGrid.resize(new float[80], 0, WIDTH, 3, Method.BORDERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 positions");
        assertThat(PositionGrid.resize(new float[72], 0, WIDTH, 3, Method.BORDERS)).hasSize(72);
    }
}
