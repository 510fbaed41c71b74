package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.text.Chunks.Chunk;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    private static final int MAX_TOKENS = 16;

    private static Tokenizer xlmr;
    private static Tokenizer clip;

    @BeforeAll
    static void open() {
        xlmr = Golden.tokenizer("xlmr", Golden.format(MAX_TOKENS));
        clip = Golden.tokenizer("clip", Golden.format(MAX_TOKENS));
    }

    @AfterAll
    static void close() {
        xlmr.close();
        clip.close();
    }

    @Test
    void chunks_end_with_sentences_where_they_can() {
        String text =
                "A dog runs. It barks at 3.5 cats! Why does it do that? Nobody knows.  The end.";

        assertThat(pieces(text, xlmr))
                .containsExactly(
                        "A dog runs. It barks at 3.5 cats!",
                        "Why does it do that? Nobody knows.  The end.");
    }

    @Test
    void ideographic_sentences_have_borders_too() {
        String text = "今天天气很好。我们去公园散步。孩子们在草地上玩耍。晚上回家吃饭。";

        assertThat(pieces(text, xlmr)).allMatch(piece -> piece.endsWith("。")).hasSizeGreaterThan(1);
    }

    @Test
    void a_long_sentence_is_cut_between_words() {
        String text =
                "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";

        List<String> pieces = pieces(text, xlmr);

        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(String.join(" ", pieces)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e\u0301\u0323",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "नि",
                "각"
            })
    void a_long_word_is_cut_between_clusters(String cluster) {
        String text = cluster.repeat(40);
        BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
        clusters.setText(text);

        for (Tokenizer tokenizer : List.of(xlmr, clip)) {
            List<Chunk> chunks = chunks(text, tokenizer);
            assertThat(chunks).hasSizeGreaterThan(1);
            for (Chunk chunk : chunks) {
                assertThat(clusters.isBoundary(chunk.start())).as("start of " + chunk).isTrue();
                assertThat(clusters.isBoundary(chunk.end())).as("end of " + chunk).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"xlmr", "clip"})
    void every_content_token_is_in_one_chunk_and_every_chunk_fits(String family) {
        Tokenizer tokenizer = family.equals("xlmr") ? xlmr : clip;
        Golden.cases(family)
                .forEach(golden -> {
                    String text = golden.path("text").asText() + " end";
                    TokenizedText whole = tokenizer.tokenize(text, Task.DOCUMENT);

                    List<Chunk> chunks = Chunks.of(text, whole, MAX_TOKENS);

                    assertThat(
                                    chunks.stream()
                                            .mapToInt(chunk -> chunk.tokens().contentTokens())
                                            .sum())
                            .isEqualTo(whole.contentTokens());
                    int behind = 0;
                    for (Chunk chunk : chunks) {
                        assertThat(chunk.tokens().length()).isLessThanOrEqualTo(MAX_TOKENS);
                        assertThat(chunk.start()).as(text).isGreaterThanOrEqualTo(behind);
                        assertThat(chunk.end())
                                .isGreaterThan(chunk.start())
                                .isLessThanOrEqualTo(text.length());
                        behind = chunk.end();
                    }
                });
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void thirty_kilobytes_of_one_character_take_bounded_time() {
        for (String unit : List.of("a", "\u0301", ". ", "\uD83D\uDC68\u200D")) {
            assertThat(chunks(unit.repeat(30_000 / unit.length()), xlmr)).isNotEmpty();
        }
    }

    private static List<String> pieces(String text, Tokenizer tokenizer) {
        return chunks(text, tokenizer).stream()
                .map(chunk -> text.substring(chunk.start(), chunk.end()))
                .toList();
    }

    private static List<Chunk> chunks(String text, Tokenizer tokenizer) {
        return Chunks.of(text, tokenizer.tokenize(text, Task.DOCUMENT), MAX_TOKENS);
    }
}
