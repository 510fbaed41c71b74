package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GateTest {

    @Test
    void closing_waits_for_the_call_under_way() throws InterruptedException {
        Gate gate = new Gate();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean released = new AtomicBoolean();
        AtomicBoolean releasedInside = new AtomicBoolean();
        Thread caller =
                Thread.ofVirtual()
                        .start(() ->
                                gate.pass(() -> {
                                    inside.countDown();
                                    await(leave);
                                    releasedInside.set(released.get());
                                    return "done";
                                }));
        inside.await();
        Thread closer = Thread.ofVirtual().start(() -> gate.close(() -> released.set(true)));
        assertThat(closer.join(java.time.Duration.ofMillis(50))).isFalse();

        leave.countDown();
        caller.join();
        closer.join();

        assertThat(releasedInside).isFalse();
        assertThat(released).isTrue();
    }

    @Test
    void nothing_passes_a_closed_gate_and_it_releases_once() {
        Gate gate = new Gate();
        int[] releases = {0};
        gate.close(() -> releases[0]++);
        gate.close(() -> releases[0]++);

        assertThat(releases[0]).isOne();
        assertThatThrownBy(() -> gate.pass(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("encoder is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
