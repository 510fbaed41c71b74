package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.onnx.Device;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens when a provider is listed and its device cannot be had: here, CUDA in a build
 * without it.
 */
class EncoderOpeningTest {

    private static final Device CUDA = new Device.Cuda(0);

    @Test
    void a_precision_that_was_never_measured_opens_and_may_still_fail_its_self_test(
            @TempDir Path folder) {
        Path bundle = TinyFixture.copy(folder);
        TinyFixture.edit(
                bundle,
                "self-test.json",
                json -> json.replaceFirst(",\\s*\"int8\"\\s*:\\s*[0-9.]+", ""));
        EncoderSettings int8 =
                new EncoderSettings(
                        new Device.Cpu(), "int8", 1, EncoderSettings.defaults().verify());
        assertThatThrownBy(() -> Encoder.open(bundle, int8))
                .hasMessageContaining("min_cosine has no int8");
        TinyFixture.edit(
                bundle,
                "manifest.json",
                json ->
                        json.replaceFirst(
                                "\"cosine_to_fp32\"\\s*:\\s*\\{[^}]*\\}",
                                "\"quality\": {\"unmeasured\": 1}"));
        Encoder.open(bundle, int8).close();
        TinyFixture.edit(
                bundle,
                "self-test.json",
                json -> json.replaceAll("\"text\"\\s*:\\s*\"[^\"]*\"", "\"text\": \"a\""));
        assertThatThrownBy(() -> Encoder.open(bundle, int8))
                .hasMessageContaining("expected different vectors");
    }

    @Test
    void a_gpu_that_was_chosen_and_cannot_be_had_gives_way_to_the_processor_and_says_so() {
        try (Encoder encoder = open(new Device.Auto())) {
            for (Modality modality : Modality.values()) {
                assertThat(encoder.state(modality).device()).isEqualTo(new Device.Cpu());
                assertThat(encoder.state(modality).fallback())
                        .startsWith("cuda:0 cannot be used: ");
            }
            assertThat(encoder.state(Modality.TEXT).precision()).isEqualTo("int8");
        }
    }

    @Test
    void a_gpu_that_was_asked_for_and_cannot_be_had_is_an_error() {
        assertThatThrownBy(() -> open(CUDA).close())
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("cuda:0 cannot be used: ");
    }

    private static Encoder open(Device wanted) {
        EncoderSettings settings =
                new EncoderSettings(wanted, EncoderSettings.AUTO, 1, Verification.FULL);
        ModelBundle bundle = ModelBundle.open(TinyFixture.folder(), Verification.FULL);
        return new EncoderOpening(bundle, settings).open(CUDA);
    }
}
