package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.LongBuffer;
import org.junit.jupiter.api.Test;

class TokenizedTextTest {

    private static final TokenizedText TEXT =
            new TokenizedText(
                    new int[] {101, 1, 2, 3, 4, 102},
                    new int[] {0, 0, 2, 4, 6, 8},
                    new int[] {0, 1, 3, 5, 7, 8},
                    1,
                    5);

    @Test
    void a_slice_keeps_head_and_tail_and_the_places_of_its_tokens() {
        TokenizedText slice = TEXT.slice(2, 4);

        assertThat(slice.ids()).containsExactly(101, 2, 3, 102);
        assertThat(slice.contentTokens()).isEqualTo(2);
        assertThat(slice.frameTokens()).isEqualTo(2);
        assertThat(slice.start(1)).isEqualTo(2);
        assertThat(slice.end(2)).isEqualTo(5);
        assertThat(slice.start(3)).isEqualTo(8);
    }

    @Test
    void an_empty_slice_is_the_frame() {
        assertThat(TEXT.slice(3, 3).ids()).containsExactly(101, 102);
    }

    @Test
    void nobody_can_change_it_from_outside() {
        TEXT.ids()[1] = 9;

        assertThat(TEXT.id(1)).isEqualTo(1);
    }

    @Test
    void it_is_copied_as_the_model_reads_it() {
        LongBuffer target = LongBuffer.allocate(7);
        target.put(-1);

        TEXT.copyTo(target);

        assertThat(target.array()).containsExactly(-1, 101, 1, 2, 3, 4, 102);
    }

    @Test
    void texts_of_the_same_tokens_are_equal_wherever_they_stood() {
        TokenizedText moved = new TokenizedText(TEXT.ids(), new int[6], new int[6], 1, 5);

        assertThat(moved).isEqualTo(TEXT).hasSameHashCodeAs(TEXT);
        assertThat(TEXT.slice(1, 4)).isNotEqualTo(TEXT);
    }

    @Test
    void refuses_what_does_not_fit() {
        assertThatThrownBy(() -> new TokenizedText(new int[0], new int[0], new int[0], 0, 0))
                .hasMessage("0 ids, 0 starts, 0 ends; must be equal and not 0");
        assertThatThrownBy(() -> new TokenizedText(new int[2], new int[1], new int[2], 0, 0))
                .hasMessage("2 ids, 1 starts, 2 ends; must be equal and not 0");
        assertThatThrownBy(() -> new TokenizedText(new int[2], new int[2], new int[2], 2, 1))
                .hasMessage("content is 2..1 of 2 tokens");
        assertThatThrownBy(() -> TEXT.slice(0, 2))
                .hasMessage("slice 0..2 is outside the content 1..5");
        assertThatThrownBy(() -> TEXT.slice(1, 6))
                .hasMessage("slice 1..6 is outside the content 1..5");
    }
}
