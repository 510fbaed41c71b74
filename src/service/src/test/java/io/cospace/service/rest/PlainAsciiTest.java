package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlainAsciiTest {

    private static boolean isPlain(int value) {
        return value >= 0x20 && value < 0x80 && value != '"' && value != '\\';
    }

    @Test
    void every_byte_at_every_place_ends_the_plain_part_or_not() {
        for (int length = 1; length <= 27; length++) {
            for (int at = 0; at < length; at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] bytes = new byte[length];
                    Arrays.fill(bytes, (byte) 'x');
                    bytes[at] = (byte) value;
                    for (int from = 0; from <= at && from < 9; from++) {
                        assertThat(PlainAscii.end(bytes, from))
                                .as("byte %d at %d of %d, from %d", value, at, length, from)
                                .isEqualTo(isPlain(value) ? length : at);
                    }
                }
            }
        }
    }

    /** A borrow of one byte must not hide or make up what stands before it. */
    @Test
    void the_first_of_several_counts() {
        for (int value = 0; value < 256; value++) {
            byte[] bytes = "abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII);
            bytes[3] = (byte) value;
            bytes[4] = '#';
            bytes[5] = 0;

            assertThat(PlainAscii.end(bytes, 0))
                    .as("byte %d", value)
                    .isEqualTo(isPlain(value) ? 5 : 3);
        }
    }

    @Test
    void nothing_left_ends_at_the_length() {
        assertThat(PlainAscii.end(new byte[] {'a'}, 1)).isEqualTo(1);
    }
}
