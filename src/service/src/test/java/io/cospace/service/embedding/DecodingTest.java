package io.cospace.service.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class DecodingTest {

    private final Queue<Runnable> pool = new ArrayDeque<>();
    private long nanos;
    private final Decoding decoding = new Decoding(pool::add, 2, () -> nanos);

    private void decode(int count, int millis) {
        for (int i = 0; i < count; i++) {
            decoding.execute(() -> nanos += millis * 1_000_000L);
        }
    }

    private void turn(int times) {
        for (int i = 0; i < times; i++) {
            pool.remove().run();
        }
    }

    @Test
    void predicts_the_images_that_wait_times_their_mean_time_over_the_threads() {
        decode(1, 40);
        turn(1);
        decode(1, 40);
        assertThat(decoding.predictedWait()).as("a thread is free").isZero();
        decode(5, 40);
        assertThat(decoding.predictedWait()).isEqualTo(Duration.ofMillis(100));
        turn(6);
        assertThat(decoding.predictedWait()).isZero();
    }

    @Test
    void the_mean_follows_the_images() {
        decode(1, 10);
        turn(1);
        decode(100, 50);
        turn(98);
        decode(1, 50);
        assertThat(decoding.predictedWait())
                .isBetween(Duration.ofMillis(49), Duration.ofMillis(50));
    }

    @Test
    void an_image_that_fails_or_is_not_taken_does_not_count() {
        decode(1, 10);
        turn(1);
        decoding.execute(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> turn(1)).hasMessage("broken");
        Decoding closed =
                new Decoding(
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        1,
                        () -> nanos);
        assertThatThrownBy(() -> closed.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(closed.predictedWait()).isZero();
        assertThat(decoding.predictedWait()).isZero();
    }
}
