package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Six photographs and six captions in each of five languages: which caption comes first? The
 * captions were chosen before the first run and not touched after it. The floor is what version 2
 * of the bundle gave at first, so that a change that loses a photograph is seen.
 */
@Timeout(300)
class PhotographsTest {
    /** How many of the six photographs have their own caption first, by language. */
    private static final Map<String, Integer> FLOOR =
            Map.of("en", 6, "de", 4, "es", 5, "ja", 5, "ar", 5);

    @Test
    void the_right_caption_comes_first_as_often_as_it_did() {
        SkippedSamples skipped = new SkippedSamples();
        EncodedPairs pairs;
        try (Encoder encoder = Encoder.open(DefaultBundle.FOLDER, EncoderSettings.defaults());
                PairReader reader =
                        PairReader.open(
                                DefaultBundle.ROOT.resolve(
                                        "src/evaluate/src/test/resources/photos"),
                                skipped)) {
            pairs =
                    new PairEncoder(
                                    encoder.text(),
                                    encoder.image(),
                                    Task.DOCUMENT,
                                    Grouping.BY_SOURCE,
                                    2)
                            .encode(reader, skipped, done -> {});
        }
        assertThat(skipped.listed()).isEmpty();
        assertThat(pairs.size()).isEqualTo(6);
        Map<String, int[]> ranks = new TreeMap<>();
        for (Figures figures : pairs.figures(pairs.imageVectors().dimensions())) {
            ranks.put(figures.language(), figures.scores().imageToText().ranks().values());
        }
        assertThat(ranks.keySet()).isEqualTo(FLOOR.keySet());
        FLOOR.forEach((language, floor) ->
                assertThat(Arrays.stream(ranks.get(language)).filter(r -> r == 1).count())
                        .as(
                                "%s: ranks of %s are %s",
                                language, pairs.keys(), Arrays.toString(ranks.get(language)))
                        .isGreaterThanOrEqualTo(floor));
    }
}
