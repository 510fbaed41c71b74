package io.cospace.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.training.data.VectorStore.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorStoreTest {
    @TempDir Path root;
    private final List<Integer> computed = new ArrayList<>();

    @Test
    void keeps_vectors_by_content_between_openings() {
        List<String> keys = keys(0, 10);
        try (VectorStore store = open(Precision.FP32)) {
            store.fill(keys, this::compute, done -> {});
            assertThat(store.read(keys.get(3))).isEqualTo(vector(keys.get(3)));
        }
        try (VectorStore store = open(Precision.FP32)) {
            assertThat(store.size()).isEqualTo(10);
            store.fill(keys(5, 12), this::compute, done -> {});
            assertThat(store.read(keys(11, 12).getFirst()))
                    .isEqualTo(vector(keys(11, 12).getFirst()));
        }
        assertThat(computed).containsExactly(10, 2);
    }

    /** A failure in the second shard stands for a kill: the first is kept, no half one is seen. */
    @Test
    void goes_on_behind_the_last_whole_shard() throws IOException {
        List<String> keys = keys(0, 5000);
        try (VectorStore store = open(Precision.FP16)) {
            assertThatThrownBy(() ->
                            store.fill(
                                    keys,
                                    part -> {
                                        if (part.size() < 4096) {
                                            throw new IllegalStateException("killed");
                                        }
                                        return compute(part);
                                    },
                                    done -> {}))
                    .hasMessage("killed");
        }
        Path folder = root.resolve("net-fp16");
        Files.write(folder.resolve(".x.safetensors.part"), new byte[] {1, 2, 3});
        try (VectorStore store = open(Precision.FP16)) {
            assertThat(store.size()).isEqualTo(4096);
            store.fill(keys, this::compute, done -> {});
            assertThat(store.size()).isEqualTo(5000);
            assertThat(store.read(keys.getLast())).isEqualTo(vector(keys.getLast()));
        }
        assertThat(computed).containsExactly(4096, 904);
    }

    @Test
    void refuses_what_is_not_its_own() throws IOException {
        try (VectorStore store = open(Precision.FP32)) {
            store.fill(keys(0, 2), this::compute, done -> {});
            assertThatThrownBy(() -> store.read(keys(7, 8).getFirst()))
                    .hasMessageContaining("holds no vector");
        }
        assertThatThrownBy(() -> VectorStore.open(root, "net", 4, Precision.FP32))
                .hasMessageContaining("expected F32 [n, 4]");
        Path shard;
        try (var files = Files.list(root.resolve("net-fp32"))) {
            shard = files.findFirst().orElseThrow();
        }
        Files.write(shard, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> open(Precision.FP32))
                .hasMessageContaining("is no shard of vectors")
                .hasMessageEndingWith("delete it");
    }

    private VectorStore open(Precision precision) {
        return VectorStore.open(root, "net", 3, precision);
    }

    private List<float[]> compute(List<String> keys) {
        computed.add(keys.size());
        return keys.stream().map(VectorStoreTest::vector).toList();
    }

    /** Values that both precisions hold exactly. */
    private static float[] vector(String key) {
        return new float[] {key.charAt(0), key.charAt(1) / 4f, -1};
    }

    private static List<String> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> VectorStore.key("text " + i)).toList();
    }
}
