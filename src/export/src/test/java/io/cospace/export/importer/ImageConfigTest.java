package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageConfigTest {
    private static final String NORMALISE =
            "\"image_mean\":[0.48145466,0.4578275,0.40821073],"
                    + "\"image_std\":[0.26862954,0.26130258,0.27577711],"
                    + "\"rescale_factor\":0.00392156862745098";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"size\":{\"shortest_edge\":224},\"crop_size\":{\"height\":224,\"width\":224},"
                        + "\"resample\":3,\"do_center_crop\":true,",
                "{\"size\":224,\"crop_size\":224,\"resample\":3,\"do_center_crop\":true,"
            })
    void reads_clip_processors_of_both_generations(String start) throws IOException {
        assertThat(read(start + NORMALISE + "}")).isEqualTo(ImageConfig.clip(224));
    }

    @Test
    void reads_a_siglip_processor_as_a_squash() throws IOException {
        Preprocessing found =
                read(
                        "{\"size\":{\"height\":224,\"width\":224},\"resample\":2,\"do_resize\":true,"
                                + "\"do_convert_rgb\":null,\"image_mean\":[0.5,0.5,0.5],"
                                + "\"image_std\":[0.5,0.5,0.5]}");
        assertThat(found.resize()).isEqualTo(Resize.SQUASH);
        assertThat(found.interpolation()).isEqualTo(Interpolation.BILINEAR);
        assertThat(found.crop()).isEqualTo(224);
        assertThat(found.mean()).containsExactly(0.5, 0.5, 0.5);
    }

    @Test
    void reads_a_crop_smaller_than_the_resize() throws IOException {
        Preprocessing found = read("{\"size\":256,\"crop_size\":224," + NORMALISE + "}");
        assertThat(List.of(found.size(), found.crop())).containsExactly(256, 224);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"size":{"height":224,"width":196}} | only squares are known
                    {"size":224,"resample":0} | resample is 0; known are 2 (bilinear) and 3
                    {"size":224,"do_resize":false} | do_resize is false
                    {"size":224,"do_center_crop":false} | images of no fixed shape
                    {"max_num_patches":256} | max_num_patches is 256
                    {"size":224} | image_mean is
                    {"size":"large"} | size is "large"
                    """)
    void refuses_steps_that_are_not_computed(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining(message);
    }

    @Test
    void reads_an_open_clip_configuration() throws IOException {
        Path file = folder.resolve("open_clip_config.json");
        Files.writeString(file, "{\"preprocess_cfg\":{}}");
        assertThat(ImageConfig.openClip(file, 336)).isEqualTo(ImageConfig.clip(336));
        Files.writeString(
                file,
                "{\"preprocess_cfg\":{\"mean\":[0.5,0.5,0.5],\"std\":[0.5,0.5,0.5],"
                        + "\"interpolation\":\"bicubic\",\"resize_mode\":\"squash\"}}");
        assertThat(ImageConfig.openClip(file, 224)).isEqualTo(ImageConfig.siglip(224));
        Files.writeString(file, "{\"preprocess_cfg\":{\"interpolation\":\"random\"}}");
        assertThatThrownBy(() -> ImageConfig.openClip(file, 224))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("interpolation random");
    }

    private Preprocessing read(String json) throws IOException {
        Path file = folder.resolve("preprocessor_config.json");
        Files.writeString(file, json);
        return ImageConfig.huggingFace(file);
    }
}
