package io.cospace.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void every_epoch_takes_each_sample_at_most_once_in_an_order_of_its_own() {
        Schedule schedule = new Schedule(103, 10, 7);
        assertThat(schedule.stepsPerEpoch()).isEqualTo(10);
        int[] first = epoch(schedule, 0);
        int[] second = epoch(schedule, 1);
        assertThat(new TreeSet<>(Arrays.stream(first).boxed().toList())).hasSize(100);
        assertThat(new TreeSet<>(Arrays.stream(second).boxed().toList())).hasSize(100);
        assertThat(second).isNotEqualTo(first);
        assertThat(Arrays.stream(first).allMatch(i -> i >= 0 && i < 103)).isTrue();
    }

    @Test
    void a_step_is_the_same_whatever_was_asked_before() {
        Schedule forward = new Schedule(103, 10, 7);
        epoch(forward, 0);
        epoch(forward, 1);
        assertThat(new Schedule(103, 10, 7).samples(14)).isEqualTo(forward.samples(14));
        assertThat(new Schedule(103, 10, 8).samples(14)).isNotEqualTo(forward.samples(14));
    }

    @Test
    void processes_share_a_step_without_gap_or_overlap() {
        Schedule schedule = new Schedule(50, 12, 1);
        int[] joined =
                IntStream.range(0, 3)
                        .flatMap(rank -> Arrays.stream(schedule.samples(5, rank, 3)))
                        .toArray();
        assertThat(joined).isEqualTo(schedule.samples(5));
        assertThatThrownBy(() -> schedule.samples(0, 0, 5))
                .hasMessage("batch is 12; it must be a multiple of the 5 processes");
    }

    @Test
    void a_batch_larger_than_the_data_is_refused() {
        assertThatThrownBy(() -> new Schedule(9, 10, 0))
                .hasMessage("batch is 10; the data have 9 samples, so it must be 1..9");
    }

    /** Pinned: a change of the order would make every run on record another run. */
    @Test
    void the_order_is_part_of_every_run() {
        assertThat(Draws.order(10, 1, 0)).containsExactly(PINNED);
        assertThat(Set.copyOf(Arrays.stream(Draws.order(10, 1, 1)).boxed().toList())).hasSize(10);
    }

    private static final int[] PINNED = {6, 7, 8, 4, 2, 3, 0, 1, 5, 9};

    private static int[] epoch(Schedule schedule, int epoch) {
        return IntStream.range(0, schedule.stepsPerEpoch())
                .map(i -> epoch * schedule.stepsPerEpoch() + i)
                .flatMap(step -> Arrays.stream(schedule.samples(step)))
                .toArray();
    }
}
