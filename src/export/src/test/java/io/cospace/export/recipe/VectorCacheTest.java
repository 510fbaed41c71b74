package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.ExportException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCacheTest {
    private static final List<byte[]> TWO = List.of(new byte[] {1}, new byte[] {2});

    private int opened;
    private int computed;
    private int stopAfter = Integer.MAX_VALUE;

    @TempDir Path folder;

    @Test
    void computes_once_and_gives_the_same_bits_afterwards() {
        VectorCache cache = new VectorCache(Optional.of(folder.resolve("new")));

        List<float[]> first = get(cache, "a", TWO);
        List<float[]> second = get(cache, "a", TWO);

        assertThat(opened).isEqualTo(1);
        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void other_inputs_are_another_key() {
        VectorCache cache = new VectorCache(Optional.of(folder));

        get(cache, "a", List.of(new byte[] {1, 2}, new byte[] {3}));
        get(cache, "a", List.of(new byte[] {1}, new byte[] {2, 3}));
        get(cache, "b", List.of(new byte[] {1}, new byte[] {2, 3}));

        assertThat(computed).isEqualTo(6);
    }

    @Test
    void a_run_that_was_stopped_goes_on_where_it_was() {
        VectorCache cache = new VectorCache(Optional.of(folder));
        List<byte[]> inputs = inputs(2 * VectorCache.PART + 3);
        stopAfter = VectorCache.PART;
        assertThatThrownBy(() -> get(cache, "a", inputs)).hasMessage("stopped");
        stopAfter = Integer.MAX_VALUE;

        List<float[]> whole = get(cache, "a", inputs);

        assertThat(computed).isEqualTo(2 * VectorCache.PART + 3);
        assertThat(whole)
                .usingRecursiveComparison()
                .isEqualTo(get(new VectorCache(Optional.empty()), "a", inputs));
    }

    @Test
    void a_longer_list_uses_the_parts_of_a_shorter_one() {
        VectorCache cache = new VectorCache(Optional.of(folder));

        get(cache, "a", inputs(VectorCache.PART));
        get(cache, "a", inputs(VectorCache.PART + 5));

        assertThat(computed).isEqualTo(VectorCache.PART + 5);
    }

    @Test
    void without_a_folder_it_computes_every_time() {
        VectorCache cache = new VectorCache(Optional.empty());

        get(cache, "a", TWO);
        get(cache, "a", TWO);

        assertThat(computed).isEqualTo(4);
    }

    @Test
    void refuses_a_kept_file_of_another_length() {
        VectorCache cache = new VectorCache(Optional.of(folder));
        get(cache, "a", TWO);

        assertThatThrownBy(() -> cache.get(new VectorCache.Key().with("a"), 3, TWO, Sums::new))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("has 16 bytes; vectors of 3 values expected");
    }

    private List<float[]> get(VectorCache cache, String key, List<byte[]> inputs) {
        return cache.get(new VectorCache.Key().with(key), 2, inputs, Sums::new);
    }

    private static List<byte[]> inputs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new byte[] {(byte) i, (byte) (i >> 8)})
                .toList();
    }

    /** Gives each input its number, and counts. */
    private final class Sums implements VectorCache.Network {
        Sums() {
            opened++;
        }

        @Override
        public List<float[]> vectors(int from, int to) {
            if (computed + to - from > stopAfter) {
                throw new IllegalStateException("stopped");
            }
            computed += to - from;
            return IntStream.range(from, to).mapToObj(i -> new float[] {i, -1f / (i + 1)}).toList();
        }

        @Override
        public void close() {}
    }
}
