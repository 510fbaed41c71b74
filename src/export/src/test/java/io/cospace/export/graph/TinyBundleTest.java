package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.Modality;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the graph writers write is what the encoder opens. */
class TinyBundleTest {

    /**
     * System property: where to write the bundle, to make the fixture of the other modules anew.
     */
    private static final String TARGET = "tiny.bundle";

    @Test
    void a_written_bundle_opens_and_its_self_test_passes(@TempDir Path folder) throws IOException {
        Path fresh = folder.resolve("tiny").resolve("1");
        Path bundle = TinyBundle.write(Path.of(System.getProperty(TARGET, fresh.toString())));

        try (Encoder encoder = Encoder.open(bundle, EncoderSettings.defaults())) {
            assertThat(encoder.state(Modality.TEXT).precision()).isEqualTo("int8");
            assertThat(encoder.state(Modality.TEXT).fallback()).isNull();
            float[] vector =
                    encoder.text()
                            .embed(
                                    List.of(encoder.text().tokenize("a red dog", Task.QUERY)),
                                    Width.WIDE)
                            .getFirst();
            assertThat(Vectors.norm(vector)).isCloseTo(1, Offset.offset(1e-5));
        }
    }
}
