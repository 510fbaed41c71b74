package io.cospace.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;

/** The meters of the service, in a registry of a test's own. */
public final class Meters {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EmbeddingMetrics metrics = new EmbeddingMetrics(registry);

    public EmbeddingMetrics metrics() {
        return metrics;
    }

    /** What {@code cospace_dropped_total} says. */
    public int dropped(String reason) {
        return count("cospace.dropped", reason);
    }

    /** What {@code cospace_rejected_total} says. */
    public int rejected(String reason) {
        return count("cospace.rejected", reason);
    }

    private int count(String name, String reason) {
        Counter counter = registry.find(name).tag("reason", reason).counter();
        return counter == null ? 0 : (int) counter.count();
    }

    /** Waits up to 30 s until so many items were dropped. */
    public void awaitDropped(String reason, int items) throws InterruptedException {
        for (int i = 0; i < 3_000 && dropped(reason) < items; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (dropped(reason) != items) {
            throw new AssertionError(
                    "%d items are %s, not %d".formatted(dropped(reason), reason, items));
        }
    }
}
