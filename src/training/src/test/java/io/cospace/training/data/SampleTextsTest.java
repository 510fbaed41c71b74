package io.cospace.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.StoredImage;
import io.cospace.training.data.SampleTexts.Mix;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleTextsTest {
    private static final PairIndex.Sample SAMPLE =
            sample(
                    Map.of(
                            "keywords", List.of("pet", "animal"),
                            "description", "A cat sits.",
                            "emoji", "1f408"),
                    new Caption("cat", "en"),
                    new Caption("Katze", "de"),
                    Caption.of("gato?"));
    private static final Map<String, Emoji> NAMES =
            Map.of("1f408", new Emoji("1f408", "🐈", Map.of("fr", "chat", "ja", "ネコ"), Map.of()));

    @Test
    void fields_name_captions_metadata_and_joined_texts() {
        assertThat(texts(Mix.SHORT, List.of("caption"), List.of()).all(SAMPLE))
                .containsExactly("cat");
        assertThat(texts(Mix.SHORT, List.of("captions"), List.of()).all(SAMPLE))
                .containsExactly("cat", "Katze", "gato?");
        assertThat(
                        texts(
                                        Mix.LONG,
                                        List.of("caption"),
                                        List.of(
                                                "caption+keywords",
                                                "description",
                                                "keywords",
                                                "names",
                                                "none",
                                                "caption+none"))
                                .all(SAMPLE))
                .containsExactly("cat, pet, animal", "A cat sits.", "pet, animal", "chat", "ネコ");
    }

    @Test
    void languages_keep_captions_and_names_in_them_and_those_without_one() {
        SampleTexts german =
                new SampleTexts(
                        Mix.MIX, List.of("captions"), List.of("names"), List.of("de", "ja"), NAMES);
        assertThat(german.all(SAMPLE)).containsExactly("Katze", "gato?", "ネコ");
    }

    @Test
    void a_sample_without_the_fields_falls_back_to_its_first_caption() {
        PairIndex.Sample bare = sample(Map.of(), Caption.of("dog"));
        SampleTexts texts = texts(Mix.LONG, List.of("title"), List.of("description"));
        assertThat(texts.all(bare)).containsExactly("dog");
        assertThat(texts.draw(bare, Draws.of(1, Draws.Purpose.TEXT, 0, 0))).isEqualTo("dog");
    }

    @Test
    void a_mix_draws_short_and_long_texts_at_equal_odds() {
        SampleTexts texts = texts(Mix.MIX, List.of("caption"), List.of("description", "keywords"));
        Set<String> drawn = new HashSet<>();
        int shorts = 0;
        for (int epoch = 0; epoch < 400; epoch++) {
            String text = texts.draw(SAMPLE, Draws.of(3, Draws.Purpose.TEXT, epoch, 5));
            drawn.add(text);
            shorts += text.equals("cat") ? 1 : 0;
        }
        assertThat(drawn).containsExactlyInAnyOrder("cat", "A cat sits.", "pet, animal");
        assertThat(shorts).isBetween(160, 240);
        assertThat(texts.all(SAMPLE)).containsAll(drawn);
    }

    private static SampleTexts texts(Mix mix, List<String> shorts, List<String> longs) {
        return new SampleTexts(mix, shorts, longs, List.of(), NAMES);
    }

    private static PairIndex.Sample sample(Map<String, Object> metadata, Caption... captions) {
        return new PairIndex.Sample(
                "k", List.of(captions), metadata, new StoredImage(Path.of("x"), 0, 1), "00");
    }
}
