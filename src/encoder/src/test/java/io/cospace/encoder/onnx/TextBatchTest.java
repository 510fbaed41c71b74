package io.cospace.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.onnx.ModelSignature.Port;
import io.cospace.encoder.text.TokenizedText;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextBatchTest {

    private static final List<TokenizedText> BATCH = List.of(text(1, 2), text(3, 4, 5), text(6));

    @Test
    void padded_texts_stand_in_rows_with_zeros_behind_them() throws OrtException {
        Map<String, Object> tensors = tensors(TextInputs.PADDED, Set.of("input_ids", "lengths"));

        assertThat(tensors).containsOnlyKeys("input_ids", "lengths");
        assertThat(tensors.get("input_ids"))
                .isEqualTo(new long[][] {{1, 2, 0}, {3, 4, 5}, {6, 0, 0}});
        assertThat(tensors.get("lengths")).isEqualTo(new long[] {2, 3, 1});
    }

    @Test
    void a_mask_is_one_on_text() throws OrtException {
        Map<String, Object> tensors =
                tensors(TextInputs.PADDED, Set.of("input_ids", "attention_mask"));

        assertThat(tensors).containsOnlyKeys("input_ids", "attention_mask");
        assertThat(tensors.get("attention_mask"))
                .isEqualTo(new long[][] {{1, 1, 0}, {1, 1, 1}, {1, 0, 0}});
    }

    @Test
    void packed_texts_stand_one_behind_the_other() throws OrtException {
        Map<String, Object> tensors = tensors(TextInputs.PACKED, Set.of("input_ids", "lengths"));

        assertThat(tensors.get("input_ids")).isEqualTo(new long[] {1, 2, 3, 4, 5, 6});
        assertThat(tensors.get("lengths")).isEqualTo(new long[] {2, 3, 1});
    }

    @Test
    void a_padded_graph_may_have_a_mask_or_lengths_or_neither() {
        Port ids = Port.longs("input_ids", -1, -1);

        assertThat(TextBatch.ports(TextInputs.PADDED, Set.of("input_ids"))).containsExactly(ids);
        assertThat(TextBatch.ports(TextInputs.PADDED, Set.of("input_ids", "attention_mask")))
                .containsExactly(ids, Port.longs("attention_mask", -1, -1));
        assertThat(TextBatch.ports(TextInputs.PADDED, Set.of("input_ids", "lengths")))
                .containsExactly(ids, Port.longs("lengths", -1));
    }

    /**
     * The tensors as arrays, laid out in buffers that an earlier batch left full of other values.
     */
    private static Map<String, Object> tensors(TextInputs layout, Set<String> wanted)
            throws OrtException {
        Workspace workspace = new Workspace();
        for (String name : List.of("input_ids", "lengths", "attention_mask")) {
            LongBuffer dirty = workspace.longs(name, 100);
            for (int i = 0; i < 100; i++) {
                dirty.put(i, 77);
            }
        }
        Map<String, Object> values = new HashMap<>();
        for (Feed feed : TextBatch.feeds(layout, wanted, BATCH, workspace)) {
            try (OnnxTensor tensor = feed.tensor(OrtEnvironment.getEnvironment())) {
                values.put(feed.name(), tensor.getValue());
            }
        }
        return values;
    }

    private static TokenizedText text(int... ids) {
        return new TokenizedText(ids, new int[ids.length], new int[ids.length], 0, ids.length);
    }
}
