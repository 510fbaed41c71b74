package io.cospace.service.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new version takes over from an old one while clients call without a pause. */
@Timeout(600)
class RollingUpdateIT {

    private static final int CALLERS = 6;
    private static final byte[] CALL =
            "{\"inputs\": [\"a cat\", \"a text of some more words than that\"]}".getBytes(UTF_8);

    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @BeforeAll
    static void requireDocker() {
        ServedContainer.requireDocker();
    }

    @Test
    void fails_no_call() throws Exception {
        try (ServedContainer before = new ServedContainer();
                ServedContainer after = new ServedContainer();
                ReadinessProxy proxy = new ReadinessProxy();
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            before.start();
            proxy.add(before);
            proxy.awaitReady(1);
            for (int i = 0; i < CALLERS; i++) {
                Future<?> _ = callers.submit(() -> call(proxy));
            }
            awaitAnswers(100);
            after.start();
            proxy.add(after);
            proxy.awaitReady(2);
            awaitAnswers(answered.get() + 100);

            before.terminate();
            assertThat(before.exitCode()).isZero();
            assertThat(proxy.ready()).isEqualTo(1);
            awaitAnswers(answered.get() + 100);
            over.set(true);
            callers.shutdown();
            assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            assertThat(List.copyOf(faults)).isEmpty();
            assertThat(after.inspect().getState().getRunning()).isTrue();
        }
    }

    private void call(ReadinessProxy proxy) {
        while (!over.get()) {
            try {
                HttpResponse<String> answer =
                        Http.post(proxy.uri("/embed"), "application/json", CALL);
                if (answer.statusCode() != 200) {
                    faults.add(answer.statusCode() + " " + answer.body());
                }
                answered.incrementAndGet();
            } catch (Exception e) {
                faults.add(e.toString());
                return;
            }
        }
    }

    private void awaitAnswers(int count) throws InterruptedException {
        while (answered.get() < count && faults.isEmpty()) {
            Thread.sleep(20);
        }
    }
}
