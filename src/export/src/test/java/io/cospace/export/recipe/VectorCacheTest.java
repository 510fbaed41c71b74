package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.ExportException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCacheTest {
    private static final List<float[]> VECTORS =
            List.of(new float[] {1.5f, -2}, new float[] {Float.MIN_VALUE, 3});

    private int computed;

    @TempDir Path folder;

    @Test
    void computes_once_and_gives_the_same_bits_afterwards() {
        VectorCache cache = new VectorCache(Optional.of(folder.resolve("new")));

        List<float[]> first = cache.get(new VectorCache.Key().with("a"), 2, this::compute);
        List<float[]> second = cache.get(new VectorCache.Key().with("a"), 2, this::compute);

        assertThat(computed).isEqualTo(1);
        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void other_inputs_are_another_key() {
        VectorCache cache = new VectorCache(Optional.of(folder));

        cache.get(new VectorCache.Key().with("ab").with("c"), 2, this::compute);
        cache.get(new VectorCache.Key().with("a").with("bc"), 2, this::compute);

        assertThat(computed).isEqualTo(2);
    }

    @Test
    void without_a_folder_it_computes_every_time() {
        VectorCache cache = new VectorCache(Optional.empty());

        cache.get(new VectorCache.Key().with("a"), 2, this::compute);
        cache.get(new VectorCache.Key().with("a"), 2, this::compute);

        assertThat(computed).isEqualTo(2);
    }

    @Test
    void refuses_a_kept_file_of_another_length() {
        VectorCache cache = new VectorCache(Optional.of(folder));
        cache.get(new VectorCache.Key().with("a"), 2, this::compute);

        assertThatThrownBy(() -> cache.get(new VectorCache.Key().with("a"), 3, this::compute))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("has 16 bytes; vectors of 3 values expected");
    }

    private List<float[]> compute() {
        computed++;
        return VECTORS;
    }
}
