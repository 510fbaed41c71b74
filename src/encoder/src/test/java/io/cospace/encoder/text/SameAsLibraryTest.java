package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our tokenizer against the library with the whole vocabulary of XLM-R, on ordinary and absurd
 * texts.
 */
class SameAsLibraryTest {

    private static final int[] ODD = {
        '\r', '\n', '\t', ' ', 0, 1, 0x85, 0xA0, 0xA9, 0xAD, 0x200B, 0x200C, 0x200D, 0xFE0F, 0x2581,
        0x2028, 0x3000, 0x301, 0x308, 0x344, 0x390, 0x3099, 0x304B, 0x212B, 0x903, 0x94D, 0x915,
        0x958, 0x600, 0x110BD, 0x1100, 0x1161, 0x11A8, 0xAC00, 0xE33, 0xE0041, 0x1F3FD, 0x1F468,
        0x1F1E9, 0x1F1EA, 0x203C, 0x2122, 0xFB01, 0xFF1C, 0xFDFA, 0x332C, '<', '>', '/', 's',
    };

    private static final String[] WORDS = {
        "<mask>",
        " <mask>",
        "<s>",
        "</s>",
        "<pad>",
        "<unk>",
        "\uFF1Cunk\uFF1E",
        "hello",
        "Straße",
        "नमस्ते",
        "你好",
        "สวัสดี",
        "한국어",
        "مرحبا",
        "e\u0301",
        "e\u0301\u0302",
        "\uFDFA",
    };

    @TempDir static Path folder;

    private static int[] marks;
    private static Engine own;
    private static Engine library;

    @BeforeAll
    static void open() throws IOException {
        Path file =
                Files.write(
                        folder.resolve("tokenizer.json"), Golden.read("xlmr/tokenizer.json.gz"));
        own = Engine.open(file);
        library = LibraryEngine.open(file);
        marks = IntStream.range(0, 0x1F000).filter(SameAsLibraryTest::isMark).toArray();
        assertThat(own).isInstanceOf(Engine.Own.class);
    }

    @AfterAll
    static void close() {
        own.close();
        library.close();
    }

    @Test
    void golden_texts() {
        for (JsonNode golden : Golden.cases("xlmr")) {
            Same.check(own, library, golden.path("text").asText());
        }
    }

    /**
     * Every eleventh of all there are, unassigned ones too, alone and where clusters begin and end.
     */
    @Test
    void code_points() {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 11) {
            if (Character.getType(codePoint) == Character.SURROGATE) {
                continue;
            }
            String one = Character.toString(codePoint);
            text.append(one).append(" e").append(one).append('\u0301').append(one).append(one);
            text.append("\u00A9").append(one).append("\u200D\u203C\u0301 ");
            text.append("\u0915\u094D").append(one).append('\u0301');
            if (text.length() > 500) {
                Same.check(own, library, text.toString());
                text.setLength(0);
            }
        }
        Same.check(own, library, text.toString());
    }

    @Test
    void absurd_texts() {
        Random random = new Random(8);
        for (int i = 0; i < 3000; i++) {
            Same.check(own, library, absurd(random));
        }
    }

    @Test
    void long_words() {
        Same.check(own, library, "漢字".repeat(20_000));
        Same.check(own, library, "\uD83D\uDC68\u200D".repeat(5_000));
        Same.check(own, library, "a\u0301 <mask> ".repeat(5_000));
    }

    private static String absurd(Random random) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 14);
        int block = random.nextInt(0x60) * 0x80;
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> text.appendCodePoint(ODD[random.nextInt(ODD.length)]);
                case 2 -> text.appendCodePoint(marks[random.nextInt(marks.length)]);
                case 3 -> text.append(WORDS[random.nextInt(WORDS.length)]);
                case 4 -> text.appendCodePoint(anything(random));
                case 5 -> text.appendCodePoint(block + random.nextInt(0x80));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    private static int anything(Random random) {
        int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
        return Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint;
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.FORMAT ->
                    true;
            default -> false;
        };
    }
}
