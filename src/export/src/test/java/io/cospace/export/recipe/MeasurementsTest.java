package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.bundle.Manifest.Cosine;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    @Test
    void a_sample_is_spread_over_all_texts() {
        List<String> texts = IntStream.range(0, 2500).mapToObj(Integer::toString).toList();

        List<String> sample = Measurements.sample(texts);

        assertThat(sample)
                .hasSize(1000)
                .doesNotHaveDuplicates()
                .startsWith("0", "2", "5")
                .endsWith("2497");
    }

    @Test
    void few_texts_are_all_taken() {
        assertThat(Measurements.sample(List.of("a", "b", "c"))).containsExactly("a", "b", "c");
    }

    @Test
    void compares_row_by_row_and_never_rounds_up() {
        List<float[]> exact = List.of(new float[] {1, 0}, new float[] {0, 1});
        List<float[]> other = List.of(new float[] {0.6f, 0.8f}, new float[] {0, 1});

        Cosine cosine = Measurements.compare(exact, other);

        assertThat(cosine.min()).isEqualTo(0.6);
        assertThat(cosine.mean()).isEqualTo(0.8);
    }
}
