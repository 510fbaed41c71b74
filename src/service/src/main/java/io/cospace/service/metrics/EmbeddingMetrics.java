package io.cospace.service.metrics;

import io.cospace.encoder.Modality;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.StageTimes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All meters of the service; their names are part of its contract. */
@Singleton
public final class EmbeddingMetrics implements EmbeddingListener {

    private static final String ANY = "any";

    private final MeterRegistry registry;

    /** Timers by stage and modality: a look-up in the registry costs more than the recording. */
    private final Map<String, Timer> stages = new ConcurrentHashMap<>();

    EmbeddingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void embedded(Modality modality, StageTimes times) {
        String name = name(modality);
        stage("prepare", name).record(times.prepareNanos(), TimeUnit.NANOSECONDS);
        stage("queue", name).record(times.queueNanos(), TimeUnit.NANOSECONDS);
        stage("run", name).record(times.runNanos(), TimeUnit.NANOSECONDS);
        items(name, "ok");
    }

    @Override
    public void failed(Modality modality, Problem problem) {
        items(name(modality), problem.name());
    }

    @Override
    public void truncated() {
        registry.counter("cospace.truncated").increment();
    }

    @Override
    public void rejected(String reason) {
        registry.counter("cospace.rejected", "reason", reason).increment();
    }

    @Override
    public void encoded(long nanos) {
        stage("encode", ANY).record(nanos, TimeUnit.NANOSECONDS);
    }

    private void items(String modality, String outcome) {
        registry.counter("cospace.items", Tags.of("modality", modality, "outcome", outcome))
                .increment();
    }

    private Timer stage(String stage, String modality) {
        return stages.computeIfAbsent(
                stage + '/' + modality,
                _ ->
                        Timer.builder("cospace.stage")
                                .description("Time of an item, or of an answer, in a stage")
                                .tags("stage", stage, "modality", modality)
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry));
    }

    /** From half a millisecond to ten seconds, about two a factor of three. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private static String name(Modality modality) {
        return modality.name().toLowerCase(Locale.ROOT);
    }
}
