package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.GoldenTensors.Golden;
import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decoding and preprocessing against Pillow's own results; see {@code golden/preprocess/README.md}.
 */
final class GoldenImagesTest {
    private static final List<Integer> WHITE = List.of(255, 255, 255);
    private static final List<Double> OPENAI_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> OPENAI_STD = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    static List<String> images() {
        return Golden.images();
    }

    /** All but the picture that has none stored, and the one that Pillow itself gets wrong. */
    static List<String> decodedImages() {
        return Golden.images().stream()
                .filter(name -> !name.equals("large_640x427.jpg") && !name.equals("grey16.png"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("decodedImages")
    void decodes_the_pixels_that_pillow_decodes(String name) throws IOException {
        GoldenTensors expected = GoldenTensors.of(name);

        assertPixels(decode(name, null), expected, "decoded_rgb");
        if (expected.has("decoded_rgb_white")) {
            assertPixels(decode(name, WHITE), expected, "decoded_rgb_white");
        }
    }

    @Test
    void keeps_the_high_byte_of_16_bit_grey() throws IOException {
        assertPixels(
                decode("grey16.png", null),
                GoldenTensors.of("grey16_shift8"),
                "decoded_rgb_shift8");
    }

    @ParameterizedTest
    @MethodSource("images")
    void resizes_to_the_bit_and_normalises(String name) throws IOException {
        GoldenTensors expected = GoldenTensors.of(name);
        int compared = 0;
        for (String key : expected.names()) {
            Preprocessing preprocessing = preprocessing(key);
            if (preprocessing == null) {
                continue;
            }
            RgbImage start = start(name, key, expected);
            Pixels actual = new ImagePreprocessor(preprocessing).apply(start);
            assertBytes(actual, preprocessing, expected.bytes(key), key);
            String floats = key.replace(".u8", ".f32");
            if (expected.has(floats)) {
                assertFloats(actual, expected.floats(floats), floats);
            }
            compared++;
        }
        assertThat(compared).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "truncated.jpg, JPEG image is truncated",
        "empty.png, image is empty: 0 bytes",
        "text_named.png, bytes are no image: they begin with 74 68 69 73",
        "bad_crc.png, the checksum of chunk IDAT",
        "bomb_20000x20000.png, image is 20000x20000 = 400000000 px; at most 64000000",
    })
    void refuses_a_bad_file_and_says_why(String name, String cause) throws IOException {
        byte[] file = Golden.bytes("bad/" + name);

        assertThatThrownBy(() -> new ImageDecoder(ImageLimits.defaults(), WHITE).decode(file))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(cause);
    }

    /** The pipeline that a key names, null for those that are not ours. */
    private static @Nullable Preprocessing preprocessing(String key) {
        if (!key.endsWith(".u8")) {
            return null;
        }
        String pipeline = key.substring(key.startsWith("white_") ? 6 : 0, key.lastIndexOf('_'));
        int side = Integer.parseInt(key.substring(key.lastIndexOf('_') + 1, key.length() - 3));
        return switch (pipeline) {
            case "clip" ->
                    new Preprocessing(
                            side,
                            Resize.SHORTEST,
                            side,
                            Interpolation.BICUBIC,
                            1 / 255.0,
                            OPENAI_MEAN,
                            OPENAI_STD,
                            null);
            case "lite" ->
                    new Preprocessing(
                            (int) (side / 0.875),
                            Resize.SHORTEST,
                            side,
                            Interpolation.BICUBIC,
                            1 / 255.0,
                            IMAGENET_MEAN,
                            IMAGENET_STD,
                            null);
            case "siglip_bicubic" ->
                    new Preprocessing(
                            side,
                            Resize.SQUASH,
                            side,
                            Interpolation.BICUBIC,
                            1 / 255.0,
                            HALF,
                            HALF,
                            null);
            case "siglip_bilinear" ->
                    new Preprocessing(
                            side,
                            Resize.SQUASH,
                            side,
                            Interpolation.BILINEAR,
                            1 / 255.0,
                            HALF,
                            HALF,
                            null);
            default -> null;
        };
    }

    /**
     * The picture that Pillow resized; our own decoding where none is stored or Pillow clips 16
     * bits.
     */
    private static RgbImage start(String name, String key, GoldenTensors expected)
            throws IOException {
        String decoded = key.startsWith("white_") ? "decoded_rgb_white" : "decoded_rgb";
        if (!expected.has(decoded)) {
            return decode(name, null);
        }
        return new RgbImage(
                expected.dimension(decoded, 1),
                expected.dimension(decoded, 0),
                expected.bytes(decoded));
    }

    private static RgbImage decode(String name, @Nullable List<Integer> background)
            throws IOException {
        return new ImageDecoder(ImageLimits.defaults(), background)
                .decode(Golden.bytes("images/" + name));
    }

    private static void assertPixels(RgbImage actual, GoldenTensors expected, String key) {
        assertThat(actual.width()).isEqualTo(expected.dimension(key, 1));
        assertThat(actual.height()).isEqualTo(expected.dimension(key, 0));
        assertThat(actual.rgb()).as(key).isEqualTo(expected.bytes(key));
    }

    /**
     * Takes the normalisation back, which is exact after rounding, and compares with [h, w, 3]
     * bytes.
     */
    private static void assertBytes(
            Pixels actual, Preprocessing preprocessing, byte[] expected, String key) {
        int plane = actual.height() * actual.width();
        FloatBuffer floats = actual.values();
        byte[] bytes = new byte[3 * plane];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane; i++) {
                double value =
                        (floats.get(c * plane + i) * preprocessing.std().get(c)
                                        + preprocessing.mean().get(c))
                                / preprocessing.rescale();
                bytes[3 * i + c] = (byte) Math.round(value);
            }
        }
        assertThat(bytes).as(key).isEqualTo(expected);
    }

    private static void assertFloats(Pixels actual, float[] expected, String key) {
        FloatBuffer values = actual.values();
        for (int i = 0; i < expected.length; i++) {
            assertThat(values.get(i))
                    .as("%s[%d]", key, i)
                    .isCloseTo(expected[i], Offset.offset(1e-6f));
        }
    }
}
