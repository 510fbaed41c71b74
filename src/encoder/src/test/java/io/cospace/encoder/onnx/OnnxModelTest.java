package io.cospace.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.TinyFixture;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.onnx.ModelSignature.Port;
import io.cospace.encoder.text.TokenizedText;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

    private static final SessionSettings SETTINGS = new SessionSettings(new Device.Cpu(), 2);
    private static final int FEATURES = 64;
    private static final int DIMENSIONS = 32;

    @Test
    void names_an_output_that_is_not_there() {
        assertDiffers(
                Port.floats("pooled", ModelSignature.OPEN, FEATURES),
                Port.floats("vector", ModelSignature.OPEN, DIMENSIONS),
                "adapter.onnx: output vector: expected FLOAT [open, 32], found outputs [embedding]");
    }

    @Test
    void names_a_tensor_of_another_type() {
        assertDiffers(
                Port.longs("pooled", ModelSignature.OPEN, FEATURES),
                Port.floats("embedding", ModelSignature.OPEN, DIMENSIONS),
                "adapter.onnx: input pooled: expected INT64 [open, 64], found FLOAT [open, 64]");
    }

    @Test
    void names_a_dimension_that_the_graph_fixes_and_should_not() {
        assertDiffers(
                Port.floats("pooled", ModelSignature.OPEN, ModelSignature.OPEN),
                Port.floats("embedding", ModelSignature.OPEN, DIMENSIONS),
                "adapter.onnx: input pooled: expected FLOAT [open, open], found FLOAT [open, 64]");
    }

    @Test
    void a_run_that_fails_says_on_what() {
        try (OnnxModel adapter = open()) {
            assertThatThrownBy(() ->
                            adapter.run(
                                    workspace ->
                                            List.of(
                                                    Feed.of(
                                                            "pooled",
                                                            workspace.floats("pooled", 3),
                                                            1,
                                                            3)),
                                    "embedding",
                                    1,
                                    DIMENSIONS))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageStartingWith("adapter.onnx failed on a batch of 1: ");
        }
    }

    @Test
    void a_row_of_zeros_has_no_vector() {
        try (AdapterModel adapter =
                AdapterModel.open(
                        TinyFixture.folder().resolve("adapter.onnx"),
                        FEATURES,
                        DIMENSIONS,
                        SETTINGS)) {
            assertThatThrownBy(() -> adapter.embed(new float[FEATURES]))
                    .isInstanceOf(InferenceException.class)
                    .hasMessage("adapter.onnx gave no finite vector for item 0 of a batch of 1");
            assertThatThrownBy(() -> adapter.embed(new float[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pooled row has 3 values; must have 64");
        }
    }

    /** What an earlier run left in the buffers must not reach a later one. */
    @Test
    void a_small_batch_after_a_large_one_is_as_if_it_were_the_first() {
        TokenizedText small = text(3, 10);
        for (TextInputs layout : TextInputs.values()) {
            String file = layout == TextInputs.PADDED ? "text.fp32.onnx" : "text.int8.onnx";
            try (TextModel fresh = open(file, layout);
                    TextModel used = open(file, layout)) {
                used.embed(
                        IntStream.range(0, 20).mapToObj(i -> text(4 + i, 32 - i)).toList(),
                        Width.NARROW);

                float[] expected = fresh.embed(List.of(small, text(5, 2)), Width.NARROW).getFirst();

                assertThat(used.embed(List.of(small, text(5, 2)), Width.NARROW).getFirst())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void a_workspace_hands_out_exact_views_of_buffers_that_grow() {
        Workspace.Pool pool = new Workspace.Pool();
        Workspace workspace = pool.take();
        LongBuffer longs = workspace.longs("ids", 3);
        assertThat(longs.isDirect()).isTrue();
        assertThat(longs.capacity()).isEqualTo(3);
        longs.put(2, 7);
        pool.giveBack(workspace);

        assertThat(pool.take()).isSameAs(workspace);
        assertThat(pool.take()).isNotSameAs(workspace);
        assertThat(workspace.longs("ids", 2).capacity()).isEqualTo(2);
        FloatBuffer floats = workspace.floats("pixels", 9);
        assertThat(floats.capacity()).isEqualTo(9);
        assertThat(workspace.longs("ids", 3).get(2)).isEqualTo(7);
    }

    private static void assertDiffers(Port input, Port output, String message) {
        ModelSignature signature = new ModelSignature(List.of(input), List.of(output));
        assertThatThrownBy(() ->
                        OnnxModel.open(
                                TinyFixture.folder().resolve("adapter.onnx"),
                                inputs -> signature,
                                SETTINGS,
                                Width.NARROW))
                .isInstanceOf(BundleException.class)
                .hasMessage(message);
    }

    private static OnnxModel open() {
        ModelSignature signature =
                new ModelSignature(
                        List.of(Port.floats("pooled", ModelSignature.OPEN, ModelSignature.ANY)),
                        List.of(Port.floats("embedding", ModelSignature.OPEN, DIMENSIONS)));
        return OnnxModel.open(
                TinyFixture.folder().resolve("adapter.onnx"),
                inputs -> signature,
                SETTINGS,
                Width.NARROW);
    }

    private static TextModel open(String file, TextInputs layout) {
        return TextModel.open(TinyFixture.folder().resolve(file), layout, DIMENSIONS, SETTINGS);
    }

    private static TokenizedText text(int firstId, int length) {
        int[] ids = IntStream.range(0, length).map(i -> (firstId + 7 * i) % 120).toArray();
        return new TokenizedText(ids, new int[length], new int[length], 0, length);
    }
}
