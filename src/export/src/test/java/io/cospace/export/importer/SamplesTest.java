package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.image.RgbImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    @Test
    void paints_the_same_different_pictures_every_time() {
        List<RgbImage> first = SampleImages.paint(48);
        List<RgbImage> second = SampleImages.paint(48);
        Set<Integer> contents = new HashSet<>();
        for (int i = 0; i < first.size(); i++) {
            assertThat(first.get(i).rgb()).isEqualTo(second.get(i).rgb());
            contents.add(Arrays.hashCode(first.get(i).rgb()));
        }
        assertThat(contents).hasSize(48);
    }

    @Test
    void has_texts_of_many_scripts_without_repetition() {
        List<String> texts = SampleTexts.all();
        assertThat(texts).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
        Set<Character.UnicodeScript> scripts = new HashSet<>();
        texts.forEach(t -> t.codePoints().forEach(c -> scripts.add(Character.UnicodeScript.of(c))));
        assertThat(scripts).hasSizeGreaterThan(15);
    }

    @Test
    void measures_the_least_and_the_mean_cosine() {
        Cosine cosine =
                Agreement.of(
                        List.of(new float[] {1, 0}, new float[] {0.6f, 0.8f}),
                        List.of(new float[] {1, 0}, new float[] {1, 0}));
        assertThat(cosine.min()).isCloseTo(0.6, within(1e-6));
        assertThat(cosine.mean()).isCloseTo(0.8, within(1e-6));
    }
}
