package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void cuts_at_line_ends_however_the_body_is_cut_into_pieces() {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String line = "é" + "x".repeat(random.nextInt(60)) + i;
            expected.add(line);
            body.append(line).append(i % 3 == 0 ? "\r\n" : i % 3 == 1 ? "\n" : "\n \t\n");
        }
        body.append("last");
        expected.add("last");
        byte[] bytes = body.toString().getBytes(UTF_8);
        for (int most : new int[] {1, 7, 1_000, 100_000}) {
            LineReader reader = new LineReader(100);
            List<String> lines = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(most), bytes.length - at);
                reader.add(Buffer.buffer().appendBytes(bytes, at, length));
                drain(reader, lines);
                at += length;
            }
            assertThat(lines).hasSize(2_000);
            reader.end();
            drain(reader, lines);
            assertThat(lines).isEqualTo(expected);
        }
    }

    @Test
    void throws_a_line_that_is_too_long_away_and_reads_on() {
        LineReader reader = new LineReader(10);
        List<String> lines = new ArrayList<>();
        reader.add(Buffer.buffer("1234567890\n12345678901\nab\n"));
        drain(reader, lines);
        for (int i = 0; i < 100_000; i++) {
            reader.add(Buffer.buffer("0123456789"));
            drain(reader, lines);
        }
        assertThat(reader.heldBytes()).isLessThan(20_000);
        reader.add(Buffer.buffer("x\ncd\nand so to the end"));
        reader.end();
        drain(reader, lines);
        assertThat(lines)
                .containsExactly("1234567890", "too long", "ab", "too long", "cd", "too long");
    }

    @Test
    void has_no_line_in_nothing() {
        LineReader reader = new LineReader(10);
        assertThat(reader.poll()).isNull();
        reader.add(Buffer.buffer("\n\r\n \n"));
        reader.end();
        assertThat(reader.poll()).isNull();
    }

    private static void drain(LineReader reader, List<String> lines) {
        LineReader.Line line;
        while ((line = reader.poll()) != null) {
            lines.add(line.bytes() == null ? "too long" : new String(line.bytes(), UTF_8));
        }
    }
}
