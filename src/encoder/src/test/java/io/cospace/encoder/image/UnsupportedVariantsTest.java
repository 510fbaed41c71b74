package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException.Unsupported;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variants of known formats that are not read say which one they are. */
final class UnsupportedVariantsTest {
    private static final int FRAME = 0xc0;

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), null);

    @ParameterizedTest
    @CsvSource({
        "1, 0xc9, JPEG image is coded by a process that is not read (SOF9)",
        "1, 0xc3, JPEG image is coded by a process that is not read (SOF3)",
        "4, 12, JPEG image has 12 bits a sample; 8 are read",
        "9, 2, 'JPEG image has 2 components; 1, 3 and 4 are read'",
    })
    void names_what_a_jpeg_is_coded_by(int offset, String value, String message)
            throws IOException {
        byte[] file = Golden.bytes("images/baseline.jpg");
        int frame = 0;
        while (file[frame] != (byte) 0xff || file[frame + 1] != (byte) FRAME) {
            frame++;
        }
        file[frame + offset] = Integer.decode(value).byteValue();

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "259, 4, 'TIFF image has compression 4; none, LZW, Deflate, PackBits and JPEG are read'",
        "262, 8, TIFF image has photometric interpretation 8",
        "262, 6, TIFF image has YCbCr samples without JPEG compression",
        "277, 7, TIFF image has 7 samples a pixel; 3 to 6 are read for RGB",
        "258, 12, TIFF image has samples of 12 and 8 bits",
        "317, 3, TIFF image has predictor 3 with 8 bits a sample",
    })
    void names_the_field_of_a_tiff(int tag, int value, String message) throws IOException {
        byte[] file = FormatsTest.bytes("tiff_tiles_predicted_lzw.tif");
        set(file, tag, value);

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining(message);
    }

    @Test
    void names_the_compression_of_a_bmp() throws IOException {
        byte[] file = Golden.bytes("images/rgb.bmp");
        file[30] = 4;

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("BMP image has compression 4");
    }

    /** Overwrites the first value of a SHORT tag of a little-endian TIFF file. */
    private static void set(byte[] file, int tag, int value) {
        ByteBuffer tiff = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int directory = tiff.getInt(4);
        for (int i = 0; i < tiff.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (tiff.getShort(entry) == tag) {
                boolean elsewhere = tiff.getInt(entry + 4) > 2;
                tiff.putShort(elsewhere ? tiff.getInt(entry + 8) : entry + 8, (short) value);
                return;
            }
        }
        throw new IllegalArgumentException("no tag " + tag);
    }
}
