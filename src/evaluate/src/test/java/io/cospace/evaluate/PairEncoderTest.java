package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.SkippedSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PairEncoderTest {
    private final SkippedSamples skipped = new SkippedSamples();
    private final FakeTowers.Texts texts = new FakeTowers.Texts();

    @Test
    void scores_each_group_and_language_for_itself() {
        List<Figures> figures =
                encode(
                                pair("a", 1, "x", "en:1", "de:eins 1"),
                                pair("b", 2, "x", "en:2", "de:eins 1"),
                                pair("c", 3, "y", "und:4"),
                                pair("d", 4, "y", "und:3"))
                        .figures(FakeTowers.DIMENSIONS);
        assertThat(figures)
                .extracting(f -> f.group() + " " + f.language() + " " + f.images() + f.captions())
                .containsExactly("x de 21", "x en 22", "y und 22");
        assertThat(figures.getFirst().scores().imageToText().ranks().values())
                .containsExactly(1, 1);
        assertThat(figures.get(1).metrics())
                .containsEntry("x.en.image_to_text.recall_at_1", 1.0)
                .containsEntry("x.en.text_to_image.mrr", 1.0);
        assertThat(figures.get(2).metrics())
                .containsEntry("y.image_to_text.recall_at_1", 0.0)
                .containsEntry("y.image_to_text.recall_at_5", 1.0)
                .containsEntry("y.text_to_image.mrr", 0.5);
    }

    @Test
    void the_designs_of_an_emoji_share_their_caption() {
        Pair one = pair("1", 1, "noto", "und:ball 1");
        Pair two = pair("2", 5, "twemoji", "und:ball 1");
        Figures figures =
                encode(emoji(one, "26bd"), emoji(two, "26bd"), pair("3", 5, "z", "und:5"))
                        .figures(FakeTowers.DIMENSIONS)
                        .getFirst();
        assertThat(figures.group()).isEqualTo("emoji");
        assertThat(figures.images()).isEqualTo(2);
        assertThat(figures.captions()).isEqualTo(1);
        assertThat(figures.scores().textToImage().ranks().values()).containsExactly(1);
    }

    @Test
    void emoji_names_become_captions_in_their_languages() {
        EmojiNames.Emoji ball =
                new EmojiNames.Emoji("26bd", "⚽", Map.of("es", "balón", "de", "Ball"), Map.of());
        EmojiCaptions names = new EmojiCaptions(Map.of("26bd", ball));
        assertThat(names.apply(emoji(pair("1", 1, "x", "und:ball"), "26bd")).captions())
                .containsExactly(
                        Caption.of("ball"), new Caption("Ball", "de"), new Caption("balón", "es"));
        Pair other = pair("1", 1, "x", "und:ball");
        assertThat(names.apply(other)).isSameAs(other);
    }

    @Test
    void keeps_the_order_over_many_batches() {
        Pair[] pairs = new Pair[1000];
        Arrays.setAll(pairs, i -> pair("k" + i, i % 10, "x", "und:" + i % 10 + "-" + i));
        EncodedPairs encoded = encode(pairs);
        assertThat(encoded.keys()).isEqualTo(Arrays.stream(pairs).map(Pair::key).toList());
        for (int i = 0; i < 1000; i += 37) {
            assertThat(encoded.imageVectors().row(i)).isEqualTo(FakeTowers.unit(i % 10));
            assertThat(encoded.captionVectors().row(i)).isEqualTo(FakeTowers.unit(i % 10));
        }
    }

    @Test
    void batches_texts_by_length_and_cuts_long_ones() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pairs.add(pair("k" + i, 1, "x", "und:" + "y".repeat(i % 30) + i));
        }
        encode(pairs.toArray(Pair[]::new));
        assertThat(texts.padded).allMatch(tokens -> tokens <= 256);
        assertThat(texts.padded.stream().mapToInt(Integer::intValue).sum())
                .as("padded tokens are few more than tokens")
                .isLessThan(1500);
    }

    @Test
    void skips_what_cannot_be_embedded() {
        EncodedPairs encoded =
                encode(
                        pair("broken", 99, "x", "und:1"),
                        pair("half", 1, "x", "und:bad 1", "und:1"),
                        pair("lost", 1, "x", "und:bad 2"));
        assertThat(encoded.keys()).containsExactly("half");
        assertThat(encoded.captions()).containsExactly(Caption.of("1"));
        assertThat(skipped.listed())
                .extracting(SkippedSamples.Skipped::toString)
                .containsExactlyInAnyOrder(
                        "image: broken: the image is broken",
                        "caption: bad 1: the text is bad",
                        "caption: bad 2: the text is bad",
                        "image: lost: no caption left");
        assertThatThrownBy(() -> encode(pair("broken", 99, "x", "und:1")))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("the data hold no usable pair");
    }

    @Test
    void cuts_vectors_to_the_asked_length() {
        EncodedPairs encoded = encode(pair("a", 1, "x", "und:1"), pair("b", 9, "x", "und:9"));
        Figures cut = encoded.figures(5).getFirst();
        assertThat(cut.dimensions()).isEqualTo(5);
        // Both vectors of b are zero in the first five dimensions: it loses against none, ties all.
        assertThat(cut.scores().imageToText().ranks().values()).containsExactly(1, 2);
    }

    @Test
    void tells_the_progress_and_hands_on_failures() {
        AtomicInteger last = new AtomicInteger();
        encoder()
                .encode(
                        List.of(pair("a", 1, "x", "und:1"), pair("b", 2, "x", "und:2")).iterator(),
                        skipped,
                        last::set);
        assertThat(last).hasValue(4);
        Pair outside = pair("a", -1, "x", "und:1");
        assertThatThrownBy(() -> encode(outside))
                .isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }

    private EncodedPairs encode(Pair... pairs) {
        return encoder().encode(List.of(pairs).iterator(), skipped, done -> {});
    }

    private PairEncoder encoder() {
        return new PairEncoder(
                texts, new FakeTowers.Images(), Task.DOCUMENT, Grouping.BY_SOURCE, 2);
    }

    private static Pair pair(String key, int image, String source, String... captions) {
        List<Caption> list =
                Arrays.stream(captions)
                        .map(c -> c.split(":", 2))
                        .map(c -> new Caption(c[1], c[0]))
                        .toList();
        return new Pair(key, new byte[] {(byte) image}, list, Map.of("source", source));
    }

    private static Pair emoji(Pair pair, String emoji) {
        return new Pair(
                pair.key(),
                pair.image(),
                pair.captions(),
                Map.of("source", "noto", "emoji", emoji));
    }
}
