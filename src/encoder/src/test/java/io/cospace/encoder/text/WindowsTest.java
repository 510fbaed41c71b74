package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.text.Windows.Window;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {

    /** Two tokens of head and one of tail. */
    private static final int FRAME = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 96, 97, 98, 99, 184, 185, 186, 500, 1000, 12_345})
    void windows_cover_the_content_and_new_tokens_count_each_once(int content) {
        List<Window> windows = Windows.of(text(content), 100);

        assertThat(windows.stream().mapToInt(Window::newTokens).sum()).isEqualTo(content);
        assertThat(windows).allMatch(window -> window.newTokens() >= 1);
        assertThat(windows).hasSize(Windows.count(text(content), 100));
        assertThat(covered(windows))
                .containsExactly(IntStream.range(0, content).boxed().toArray(Integer[]::new));
    }

    @Test
    void all_windows_are_full_and_overlap_by_a_tenth_and_the_last_ends_with_the_text() {
        List<Window> windows = Windows.of(text(1000), 100);

        assertThat(windows).allMatch(window -> window.tokens().length() == 100);
        assertThat(windows.get(0).tokens().id(FRAME - 1)).isEqualTo(0);
        assertThat(windows.get(1).tokens().id(FRAME - 1)).isEqualTo(97 - 10);
        assertThat(windows.getLast().tokens().id(98)).isEqualTo(999);
    }

    @Test
    void each_window_has_head_and_tail() {
        for (Window window : Windows.of(text(300), 100)) {
            assertThat(window.tokens().id(0)).isEqualTo(-1);
            assertThat(window.tokens().id(1)).isEqualTo(-2);
            assertThat(window.tokens().id(window.tokens().length() - 1)).isEqualTo(-3);
        }
    }

    @Test
    void a_text_that_fits_is_one_window() {
        TokenizedText text = text(97);

        assertThat(Windows.of(text, 100)).containsExactly(new Window(text, 97));
    }

    /** One token more than two windows: the mean moves by about one part in 188, not by a third. */
    @Test
    void the_mean_weighs_a_window_by_its_new_tokens() {
        List<Window> windows = Windows.of(text(97 + 87 + 1), 100);
        assertThat(windows).extracting(Window::newTokens).containsExactly(97, 87, 1);

        float[] mean =
                Windows.mean(
                        windows,
                        List.of(new float[] {1, 0}, new float[] {1, 0}, new float[] {0, 1}));

        assertThat(mean[0]).isCloseTo(184f / 185, within(1e-6f));
        assertThat(mean[1]).isCloseTo(1f / 185, within(1e-6f));
    }

    @Test
    void refuses_what_cannot_be() {
        assertThatThrownBy(() -> Windows.of(text(50), 3))
                .hasMessage("prompt and special tokens are 3 of at most 3 tokens");
        assertThatThrownBy(() -> Windows.mean(Windows.of(text(5), 100), List.of()))
                .hasMessage("1 windows, 0 rows");
    }

    /** Content token i has id i and stands at i. */
    private static TokenizedText text(int content) {
        int[] ids = new int[content + FRAME];
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        ids[0] = -1;
        ids[1] = -2;
        ids[ids.length - 1] = -3;
        for (int i = 0; i < content; i++) {
            ids[i + 2] = i;
            starts[i + 2] = i;
            ends[i + 2] = i + 1;
        }
        return new TokenizedText(ids, starts, ends, 2, content + 2);
    }

    private static List<Integer> covered(List<Window> windows) {
        return windows.stream()
                .map(Window::tokens)
                .flatMapToInt(t -> IntStream.range(t.contentFrom(), t.contentTo()).map(t::id))
                .boxed()
                .distinct()
                .toList();
    }
}
