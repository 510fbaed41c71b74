package io.cospace.service.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Modality;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.text.Task;
import io.cospace.service.batching.ContentCache;
import org.junit.jupiter.api.Test;

class VectorCacheTest {

    private static final float[] VECTOR = {1, 0};

    private final VectorCache cache = VectorCache.of(1_000_000);

    private ContentCache<float[]> tower(String space, Modality modality, String precision) {
        return cache.of(space, new TowerState(modality, new Device.Cpu(), precision, null));
    }

    private static TextRow row(String text, boolean pooled) {
        return new TextRow(new FakeModel.Texts().tokenize(text, Task.DOCUMENT), pooled);
    }

    @Test
    void keeps_a_vector_for_the_same_content_of_the_same_tower_only() {
        var texts = tower("s", Modality.TEXT, "int8");
        texts.put(row("a cat", false), VECTOR);

        assertThat(texts.get(row("a cat", false))).isSameAs(VECTOR);
        assertThat(tower("s", Modality.TEXT, "int8").get(row("a cat", false)))
                .as("another version of that space")
                .isSameAs(VECTOR);
        assertThat(texts.get(row("a dog", false))).isNull();
        assertThat(texts.get(row("a cat", true))).as("before the adapter").isNull();
        assertThat(tower("t", Modality.TEXT, "int8").get(row("a cat", false))).isNull();
        assertThat(tower("s", Modality.TEXT, "fp32").get(row("a cat", false))).isNull();
    }

    @Test
    void tells_images_by_the_digest_of_their_file() {
        var images = tower("s", Modality.IMAGE, "fp32");
        images.put("00ff", VECTOR);
        assertThat(images.get("00ff")).isSameAs(VECTOR);
        assertThat(images.get("00fe")).isNull();
    }

    @Test
    void never_holds_more_bytes_than_it_may() {
        var images = tower("s", Modality.IMAGE, "fp32");
        int kept = 0;
        for (int i = 0; i < 10_000; i++) {
            images.put("image " + i, new float[512]);
        }
        for (int i = 0; i < 10_000; i++) {
            kept += images.get("image " + i) == null ? 0 : 1;
        }
        assertThat(kept).isBetween(1, 1_000_000 / (4 * 512));
    }

    @Test
    void keeps_nothing_unless_it_is_told_to() {
        var none =
                VectorCache.of(0)
                        .of("s", new TowerState(Modality.TEXT, new Device.Cpu(), "fp32", null));
        none.put("x", VECTOR);
        assertThat(none.get("x")).isNull();
    }
}
