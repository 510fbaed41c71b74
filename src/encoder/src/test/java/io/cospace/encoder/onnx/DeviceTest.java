package io.cospace.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtProvider;
import io.cospace.encoder.error.DeviceException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

    @ParameterizedTest
    @CsvSource({
        "cpu,cpu",
        "CPU,cpu",
        "auto,auto",
        "cuda,cuda:0",
        "cuda:0,cuda:0",
        "' Cuda:7 ',cuda:7"
    })
    void reads_the_names_of_devices(String text, String device) {
        assertThat(Device.parse(text)).hasToString(device);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:12345", "cpu:0"})
    void refuses_other_names(String text) {
        assertThatThrownBy(() -> Device.parse(text))
                .isInstanceOf(DeviceException.class)
                .hasMessage("device is '" + text + "'; must be auto, cpu, cuda or cuda:N");
    }

    @Test
    void refuses_a_device_number_that_no_machine_has() {
        assertThatThrownBy(() -> Device.parse("cuda:64"))
                .hasMessage("cuda device is 64; must be 0..63");
    }

    @Test
    void auto_is_the_first_gpu_where_there_is_a_provider_and_else_the_processor() {
        EnumSet<OrtProvider> cpu = EnumSet.of(OrtProvider.CPU);
        EnumSet<OrtProvider> cuda = EnumSet.of(OrtProvider.CPU, OrtProvider.CUDA);

        assertThat(Devices.resolve(new Device.Auto(), cpu)).isEqualTo(new Device.Cpu());
        assertThat(Devices.resolve(new Device.Auto(), cuda)).isEqualTo(new Device.Cuda(0));
        assertThat(Devices.resolve(new Device.Cuda(2), cuda)).isEqualTo(new Device.Cuda(2));
        assertThat(Devices.resolve(new Device.Cpu(), cuda)).isEqualTo(new Device.Cpu());
    }

    @Test
    void names_the_runtime_and_what_it_can_run_on() {
        assertThat(Devices.runtime()).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+ with \\[.*CPU.*]");
    }

    @Test
    void a_gpu_without_a_provider_says_what_is_missing() {
        assertThatThrownBy(() -> Devices.resolve(new Device.Cuda(0), EnumSet.of(OrtProvider.CPU)))
                .isInstanceOf(DeviceException.class)
                .hasMessage(
                        "cuda:0 cannot be used: this build of ONNX Runtime has no CUDA provider (it has [CPU]);"
                                + " build with the profile gpu, or use device cpu");
    }
}
