package io.cospace.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession.SessionOptions;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {

    private static final Device GPU = new Device.Cuda(1);

    @Test
    void a_limit_on_a_gpus_memory_is_handed_to_its_provider() {
        assertThat(new SessionSettings(GPU, 1, false, 6_000_000_000L).cudaOptions())
                .containsEntry("gpu_mem_limit", "6000000000")
                .containsEntry("arena_extend_strategy", "kSameAsRequested");
        assertThat(new SessionSettings(GPU, 1).cudaOptions()).doesNotContainKey("gpu_mem_limit");
    }

    @Test
    void only_threads_of_a_wide_session_spin_and_only_within_a_run() throws Exception {
        SessionSettings settings = new SessionSettings(new Device.Cpu(), 2);
        try (SessionOptions wide = settings.toOptions(Width.WIDE);
                SessionOptions narrow = settings.toOptions(Width.NARROW)) {
            assertThat(wide.getConfigEntries())
                    .containsEntry("session.intra_op.allow_spinning", "1")
                    .containsEntry("session.force_spinning_stop", "1");
            assertThat(narrow.getConfigEntries())
                    .containsEntry("session.intra_op.allow_spinning", "0");
        }
    }

    @Test
    void a_negative_limit_is_refused() {
        assertThatThrownBy(() -> new SessionSettings(GPU, 1, false, -1))
                .hasMessage("cudaBytes is -1; must be 0 or more");
    }
}
