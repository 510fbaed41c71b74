package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainPngTest {
    /** The last two need several stored blocks. */
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "200, 150", "21, 1023"})
    void is_read_back_pixel_by_pixel(int width, int height) throws IOException {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 31 + i / 7);
        }

        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(PlainPng.encode(width, height, rgb)));

        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                int expected =
                        ((rgb[at] & 0xff) << 16)
                                | ((rgb[at + 1] & 0xff) << 8)
                                | (rgb[at + 2] & 0xff);
                assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(expected);
            }
        }
    }

    @Test
    void refuses_a_wrong_number_of_bytes() {
        assertThatThrownBy(() -> PlainPng.encode(2, 2, new byte[11]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("11 bytes are no RGB image of 2x2");
    }
}
