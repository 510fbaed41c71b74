package io.cospace.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TensorViewTest {
    private static final Path FILE = Path.of("weights.pt");
    private static final MemorySegment STORAGE = MemorySegment.ofArray(new byte[16]);

    @Test
    void an_empty_tensor_is_empty_wherever_it_is_said_to_start() {
        TensorView view = view(100, new long[] {0, 3}, new long[] {3, 1});
        assertThat(view.raw().remaining()).isZero();
        assertThat(view.floats()).isEmpty();
    }

    @Test
    void refuses_a_window_that_leaves_its_storage() {
        assertThatThrownBy(() -> view(2, new long[] {3}, new long[] {1}))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("leaves its storage of 4 elements");
    }

    private static TensorView view(long offset, long[] shape, long[] stride) {
        TensorInfo info = new TensorInfo(DataType.F32, shape);
        return TensorView.strided(FILE, "w", info, STORAGE, offset, stride);
    }
}
