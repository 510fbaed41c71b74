package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant of every format against Pillow's pixels; see {@code golden/formats/README.md}. */
final class FormatsTest {

    /** A line of expected.tsv. */
    record Expected(String file, int width, int height, String rgb, String rgbOnWhite) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Expected> files() throws IOException {
        return new String(bytes("expected.tsv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(f ->
                        new Expected(
                                f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), f[3], f[4]))
                .toList();
    }

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = FormatsTest.class.getResourceAsStream("/golden/formats/" + name)) {
            return Objects.requireNonNull(in, () -> "no golden file " + name).readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void decodes_every_variant_to_the_pixels_of_pillow(Expected expected) throws IOException {
        assertPixels(expected, null, expected.rgb());
        assertPixels(expected, List.of(255, 255, 255), expected.rgbOnWhite());
    }

    private static void assertPixels(
            Expected expected, @Nullable List<Integer> background, String sha) throws IOException {
        RgbImage image =
                new ImageDecoder(ImageLimits.defaults(), background).decode(bytes(expected.file()));

        assertThat(image.width()).isEqualTo(expected.width());
        assertThat(image.height()).isEqualTo(expected.height());
        assertThat(sha256(image.rgb())).isEqualTo(sha);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
