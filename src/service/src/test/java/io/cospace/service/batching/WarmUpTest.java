package io.cospace.service.batching;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Warm-ups on a clock that only the runs turn: a unit takes a millisecond, half of it when wide.
 */
class WarmUpTest {

    private static final Duration AMPLE = Duration.ofHours(1);

    private final List<List<Integer>> ran = new ArrayList<>();
    private long nanos;
    private WarmUpRun.Turn turn = () -> true;

    private List<Integer> run(List<Integer> items, Placement placement) {
        ran.add(items);
        int units = items.stream().mapToInt(Integer::intValue).sum();
        nanos += units * 1_000_000L / (placement.cores() == Cores.ALL ? 2 : 1);
        return items;
    }

    private WarmUp warmUp(BatchFunction<Integer, Integer> function, Duration limit, Integer[]... of)
            throws Exception {
        List<List<Job<Integer>>> batches = new ArrayList<>();
        for (Integer[] lengths : of) {
            batches.add(Arrays.stream(lengths).map(length -> Job.of(length, length, 1)).toList());
        }
        return new WarmUpRun<>(function, 3, limit, () -> nanos, turn).of(batches);
    }

    private static Integer[] batch(Integer... lengths) {
        return lengths;
    }

    @Test
    void fits_both_widths() throws Exception {
        WarmUp whole =
                warmUp(
                        this::run,
                        AMPLE,
                        batch(10),
                        batch(10, 10),
                        batch(20),
                        batch(20, 20),
                        batch(40),
                        batch(40, 40));

        assertThat(whole.complete()).isTrue();
        assertThat(whole.runs()).isEqualTo(3 * 3 + 6 * 3).isEqualTo(ran.size());
        CostModel one = requireNonNull(whole.one());
        CostModel all = requireNonNull(whole.all());
        assertThat(one.millis(1, 30, 30)).isCloseTo(30, within(0.1));
        assertThat(all.millis(1, 30, 30)).isCloseTo(15, within(0.1));
    }

    @Test
    void a_shape_that_would_pass_the_limit_is_left_out_before_it_is_begun() throws Exception {
        Duration limit = Duration.ofSeconds(1);
        WarmUp cut =
                warmUp(
                        this::run,
                        limit,
                        batch(10),
                        batch(20),
                        batch(20, 20),
                        batch(4_000),
                        batch(40));

        assertThat(cut.complete()).isFalse();
        assertThat(cut.took()).isLessThanOrEqualTo(limit);
        assertThat(ran).doesNotContain(List.of(4_000)).contains(List.of(40));
        assertThat(requireNonNull(cut.one()).millis(1, 40, 40)).isCloseTo(40, within(0.1));
    }

    @Test
    void a_shape_that_is_slower_than_predicted_is_not_run_again() throws Exception {
        BatchFunction<Integer, Integer> late =
                (items, placement) -> {
                    if (items.contains(12)) {
                        nanos += 900_000_000L;
                    }
                    return run(items, placement);
                };
        WarmUp cut = warmUp(late, Duration.ofSeconds(1), batch(10, 10), batch(12, 12));

        assertThat(cut.complete()).isFalse();
        assertThat(cut.runs()).isEqualTo(4);
        assertThat(cut.took()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void the_first_shape_is_run_whatever_the_limit() throws Exception {
        WarmUp least = warmUp(this::run, Duration.ZERO, batch(10), batch(20));

        assertThat(ran).containsExactly(List.of(10));
        assertThat(least.complete()).isFalse();
        assertThat(requireNonNull(least.one()).millis(1, 10, 10)).isCloseTo(10, within(0.1));
        assertThat(warmUp(this::run, Duration.ZERO).one()).isNull();
    }

    @Test
    void waiting_for_its_turn_does_not_count_and_the_end_of_the_lane_ends_it() throws Exception {
        turn =
                () -> {
                    nanos += 500_000_000L;
                    return ran.size() < 5;
                };
        WarmUp cut = warmUp(this::run, Duration.ofSeconds(1), batch(10, 10), batch(20, 20));

        assertThat(cut.runs()).isEqualTo(5);
        assertThat(cut.took()).isEqualTo(Duration.ofMillis(3 * 20 + 2 * 40));
        assertThat(cut.complete()).isFalse();
    }
}
