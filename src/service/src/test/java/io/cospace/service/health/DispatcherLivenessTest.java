package io.cospace.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.batching.BatchListener;
import io.cospace.service.batching.CostModel;
import io.cospace.service.batching.DispatcherSettings;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Job;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.QueueLimits;
import io.cospace.service.batching.RunFailedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DispatcherLivenessTest {

    @Test
    void is_down_with_the_reason_while_a_run_does_not_come_back() throws Exception {
        Duration moment = Duration.ofMillis(1);
        var settings = new DispatcherSettings(1, QueueLimits.defaults(), moment, moment, 1, 0);
        CountDownLatch comesBack = new CountDownLatch(1);
        try (Dispatchers dispatchers = Dispatchers.start(settings, BatchListener.NONE)) {
            DispatcherLiveness liveness = new DispatcherLiveness(dispatchers);
            assertThat(liveness.call().getStatus()).isEqualTo(Status.UP);
            var lane =
                    dispatchers.<String, String>lane(
                            LaneSettings.of("image", 1, 1),
                            CostModel.linear(1, 0),
                            (items, placement) -> {
                                comesBack.await();
                                return items;
                            },
                            value -> true);

            var answer = lane.submit(Job.of("stuck", 1, 1));
            assertThat(answer)
                    .as("the watchdog fails it")
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(RunFailedException.class);
            HealthCheckResponse down = liveness.call();
            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(String.valueOf(down.getData().orElseThrow().get("reason")))
                    .startsWith("dispatcher 0 has run 1 items of lane image for over");
            comesBack.countDown();
            while (liveness.call().getStatus() == Status.DOWN) {
                Thread.sleep(1);
            }
        }
    }
}
