package io.cospace.encoder.text.unigram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyScannerTest {

    @Test
    void reads_pieces_and_scores() {
        VocabularyScanner scan =
                scan(
                        "x[[\"a\\u00e9\\ud83d\\ude00\", -1.5] ,\n[\"\\\"\\n\u6F22\", 0], [\"b\",-2E-3]],1]");

        assertThat(scan.scores()).containsExactly(-1.5, 0, -0.002);
        assertThat(scan.pieces().id("a\u00E9\uD83D\uDE00")).isZero();
        assertThat(scan.pieces().id("\"\n\u6F22")).isEqualTo(1);
        assertThat(scan.pieces().id("b")).isEqualTo(2);
        assertThat(scan.pieces().id("a")).isEqualTo(-1);
        assertThat(scan.pieces().id("")).isEqualTo(-1);
    }

    @Test
    void says_where_the_array_ends() {
        assertThat(scan("x[ ],[]").end()).isEqualTo(4);
    }

    /** Digits as one number, then divided: the library's way of reading. */
    @Test
    void a_score_is_the_quotient_of_its_digits() {
        assertThat(scan("x[[\"a\",-3.4635426998138428]]").scores()[0])
                .isEqualTo(-34635426998138428L / 1e16);
    }

    @Test
    void makes_room_for_more_prefixes_than_the_size_suggests() {
        StringBuilder json = new StringBuilder("x[");
        for (int i = 0; i < 500; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("[\"")
                    .append(Long.toHexString(i * 0x9E3779B97F4A7C15L));
            json.append("\",1]");
        }

        VocabularyScanner scan = scan(json.append(']').toString());

        for (int i = 0; i < 500; i++) {
            assertThat(scan.pieces().id(Long.toHexString(i * 0x9E3779B97F4A7C15L))).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "x{}",
                "x[",
                "x[[",
                "x[[\"",
                "x[[\"a",
                "x[[\"a\"",
                "x[[\"a\",",
                "x[[\"a\",1",
                "x[[\"a\",1]",
                "x[[\"a\",1],",
                "x[[\"a\",\"1\"]]",
                "x[[\"a\",-]]",
                "x[[\"a\\",
                "x[[\"a\\x\",1]]",
                "x[[\"\\ud83d\",1]]",
                "x[[\"\\ud83dx\",1]]",
                "x[[\"\\u12",
                "x[[\"a\nb\",1]]",
                "x[[\"a\",1,2]]",
                "x[[\"a\",1][\"b\",1]]",
                "x[[\"a\",1.2.3]]"
            })
    void leaves_what_is_no_such_array(String json) {
        assertThat(VocabularyScanner.scan(json.getBytes(StandardCharsets.UTF_8), 1)).isNull();
    }

    @Test
    void leaves_what_is_no_utf_8() {
        for (byte[] piece :
                new byte[][] {
                    {(byte) 0x80},
                    {(byte) 0xC0, (byte) 0x80},
                    {(byte) 0xC3, 'x'},
                    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                    {(byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80},
                    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}
                }) {
            String json = "[[\"" + new String(piece, StandardCharsets.ISO_8859_1) + "\",1]]";
            assertThat(VocabularyScanner.scan(json.getBytes(StandardCharsets.ISO_8859_1), 0))
                    .isNull();
        }
    }

    private static VocabularyScanner scan(String json) {
        return Objects.requireNonNull(
                VocabularyScanner.scan(json.getBytes(StandardCharsets.UTF_8), 1));
    }
}
