package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.TextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

    private static Tokenizer plain;
    private static Tokenizer prompted;
    private static Tokenizer bytePair;

    @BeforeAll
    static void open() {
        plain = Golden.tokenizer("xlmr", Golden.format(16));
        prompted = Golden.tokenizer("xlmr", Golden.format(16, "query: ", "passage: "));
        bytePair = Golden.tokenizer("clip", Golden.format(77));
    }

    @AfterAll
    static void close() {
        plain.close();
        prompted.close();
        bytePair.close();
    }

    @Test
    void offsets_point_into_the_callers_string() {
        String text = "A \uD83D\uDE00 smile, नमस्ते \uD83D\uDC68\u200D\uD83D\uDC69!";

        TokenizedText tokens = plain.tokenize(text, Task.QUERY);

        assertThat(slices(text, tokens))
                .containsExactly(
                        "A",
                        "\uD83D\uDE00",
                        "smile",
                        ",",
                        "नम",
                        "स्ते",
                        "\uD83D\uDC68",
                        "\uD83D\uDC68",
                        "\uD83D\uDC69",
                        "\uD83D\uDC69",
                        "!");
    }

    @Test
    void pieces_spell_the_same_tokens() {
        String text = "A smile, नमस्ते";
        TokenizedText tokens = prompted.tokenize(text, Task.QUERY);
        List<String> pieces = prompted.pieces(text, Task.QUERY);

        assertThat(pieces).hasSize(tokens.length()).startsWith("<s>").endsWith("</s>");
        String content = String.join("", pieces.subList(tokens.contentFrom(), tokens.contentTo()));
        assertThat(content.replace('\u2581', ' ').strip()).isEqualTo(text);
    }

    @Test
    void byte_pair_offsets_point_into_the_callers_string() {
        String text = "Two \uD83D\uDC68\u200D\uD83D\uDC69 CATS";

        TokenizedText tokens = bytePair.tokenize(text, Task.QUERY);

        assertThat(slices(text, tokens)).startsWith("Two").endsWith("CATS");
    }

    @Test
    void the_prompt_of_the_task_stands_in_the_head_and_moves_no_offset() {
        TokenizedText query = prompted.tokenize("red bicycle", Task.QUERY);
        TokenizedText document = prompted.tokenize("red bicycle", Task.DOCUMENT);

        assertThat(query.ids()).isEqualTo(plain.tokenize("query: red bicycle", Task.QUERY).ids());
        assertThat(document.ids())
                .isEqualTo(plain.tokenize("passage: red bicycle", Task.QUERY).ids());
        assertThat(query.contentTokens())
                .isEqualTo(plain.tokenize("red bicycle", Task.QUERY).contentTokens());
        assertThat(slices("red bicycle", query))
                .isEqualTo(slices("red bicycle", document))
                .contains("red");
        assertThat(query.frameTokens()).isEqualTo(5);
    }

    @Test
    void the_wrap_stands_around_prompt_and_text() {
        TextFormat format =
                new TextFormat(
                        64,
                        TextFormat.Pooling.LAST,
                        new TextFormat.Prompts("find: ", ""),
                        new TextFormat.Wrap("[user] ", " [end]", true));
        try (Tokenizer wrapped = Golden.tokenizer("xlmr", format)) {
            String text = "  red bicycle\n";

            TokenizedText tokens = wrapped.tokenize(text, Task.QUERY);

            assertThat(tokens.ids())
                    .isEqualTo(plain.tokenize("[user] find: red bicycle [end]", Task.QUERY).ids());
            assertThat(slices(text, tokens))
                    .isEqualTo(slices("red bicycle", plain.tokenize("red bicycle", Task.QUERY)));
            assertThat(tokens.start(tokens.contentFrom())).isEqualTo(2);
        }
    }

    @Test
    void truncation_keeps_head_and_tail_and_one_side_of_the_content() {
        String text = "one two three four five six seven eight nine ten eleven twelve thirteen";
        TokenizedText whole = prompted.tokenize(text, Task.QUERY);
        assertThat(whole.length()).isGreaterThan(16);

        TokenizedText start = prompted.truncate(whole, Side.START);
        TokenizedText end = prompted.truncate(whole, Side.END);

        for (TokenizedText cut : List.of(start, end)) {
            assertThat(cut.length()).isEqualTo(16);
            assertThat(Arrays.copyOf(cut.ids(), 4)).isEqualTo(Arrays.copyOf(whole.ids(), 4));
            assertThat(cut.id(15)).isEqualTo(2);
            assertThat(cut.contentTokens()).isEqualTo(11).isLessThan(whole.contentTokens());
        }
        assertThat(slices(text, start)).startsWith("one").doesNotContain("thirteen");
        assertThat(text.substring(end.end(end.contentTo() - 1))).isEmpty();
    }

    @Test
    void a_short_text_is_not_truncated() {
        TokenizedText tokens = plain.tokenize("red", Task.QUERY);

        assertThat(plain.truncate(tokens, Side.END)).isSameAs(tokens);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\u0001\u0002", "\u200D"})
    void refuses_a_text_of_nothing(String text) {
        assertThatThrownBy(() -> prompted.tokenize(text, Task.QUERY))
                .isInstanceOf(TextException.Empty.class);
    }

    @Test
    void refuses_a_lone_surrogate() {
        assertThatThrownBy(() -> plain.tokenize("ab\uD83D c", Task.QUERY))
                .isInstanceOf(TextException.Malformed.class)
                .hasMessage("text has a lone surrogate U+D83D at index 2");
        assertThatThrownBy(() -> plain.tokenize("\uDE00\uD83D", Task.QUERY))
                .isInstanceOf(TextException.Malformed.class)
                .hasMessage("text has a lone surrogate U+DE00 at index 0");
    }

    @Test
    void refuses_a_text_above_one_megabyte_of_utf8() {
        assertThatThrownBy(() -> plain.tokenize("é".repeat(500_001), Task.QUERY))
                .isInstanceOf(TextException.TooLong.class)
                .hasMessage("text has 1000002 bytes as UTF-8; must be at most 1000000");
        assertThatThrownBy(() -> plain.tokenize("a".repeat(2_000_000), Task.QUERY))
                .isInstanceOf(TextException.TooLong.class);
    }

    /**
     * One character over and over defeats naive tokenizers (quadratic merges, deep recursion); the
     * limit is generous.
     */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\u0001a", "é", "\u0301", "'", "<mask>", "\uD83D\uDC68\u200D"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void thirty_kilobytes_of_one_character_take_bounded_time(String unit) {
        String text = unit.repeat(30_000 / unit.length());

        assertThat(plain.tokenize(text, Task.QUERY).contentTokens()).isGreaterThan(1000);
        assertThat(bytePair.tokenize(text, Task.QUERY).contentTokens()).isGreaterThan(1000);
    }

    @Test
    void control_characters_are_no_error() {
        TokenizedText tokens = plain.tokenize("a\u0000b\u0007c\uFEFF\uFFFF", Task.QUERY);

        assertThat(tokens.contentTokens()).isPositive();
        assertThat(tokens.end(tokens.contentTo() - 1)).isLessThanOrEqualTo(7);
    }

    @Test
    void many_threads_get_the_same_tokens() {
        TokenizedText alone = plain.tokenize("A photo of a brown dog", Task.QUERY);

        List<TokenizedText> together =
                IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> plain.tokenize("A photo of a brown dog", Task.QUERY))
                        .toList();

        assertThat(together).allMatch(alone::equals);
    }

    @Test
    void refuses_a_file_that_is_no_tokenizer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");

        assertThatThrownBy(() -> Tokenizer.open(file, Golden.format(16)))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("tokenizer.json: is not a tokenizer: ");
        assertThatThrownBy(() -> Tokenizer.open(folder.resolve("none.json"), Golden.format(16)))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("none.json: is not a tokenizer: ");
    }

    @Test
    void refuses_a_format_whose_prompt_leaves_no_room() {
        assertThatThrownBy(() -> Golden.tokenizer("xlmr", Golden.format(5, "query: ", "")))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(
                        "prompt and special tokens are 5 of max_tokens 5; must leave room for a text");
    }

    @Test
    void a_library_that_would_be_downloaded_is_refused() {
        assertThatThrownBy(() -> TokenizerLibrary.refuseOtherFlavour("cu124"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RUST_FLAVOR is 'cu124'; must be unset or cpu");
        assertThatCode(() -> TokenizerLibrary.refuseOtherFlavour(null)).doesNotThrowAnyException();
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    private static List<String> slices(String text, TokenizedText tokens) {
        return IntStream.range(tokens.contentFrom(), tokens.contentTo())
                .mapToObj(i -> text.substring(tokens.start(i), tokens.end(i)))
                .toList();
    }
}
