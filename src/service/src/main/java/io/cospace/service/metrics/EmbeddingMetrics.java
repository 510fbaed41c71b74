package io.cospace.service.metrics;

import io.cospace.encoder.Modality;
import io.cospace.encoder.TowerState;
import io.cospace.service.batching.BatchListener;
import io.cospace.service.batching.BatchRun;
import io.cospace.service.batching.Priority;
import io.cospace.service.batching.QueueLoad;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.ModelHost;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.StageTimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * All meters of the service; their names are part of its contract, see {@code openapi.yaml} for the
 * HTTP side. Those to scale on are gauges, there from the start and meaningful at zero.
 */
@Singleton
public final class EmbeddingMetrics
        implements EmbeddingListener, BatchListener, ModelHost.Listener {

    private static final String ANY = "any";
    private static final String DROPPED = "cospace.dropped";
    private static final String CACHE = "cospace.cache";
    private static final String REJECTED = "cospace.rejected";

    /** Refusals that are no fault of the call, those that keys bring about, and lost answers. */
    private static final List<String> REFUSALS =
            List.of(
                    "overloaded",
                    "not-ready",
                    "draining",
                    "deadline-exceeded",
                    "rate-limited",
                    "unauthorized",
                    "internal-error",
                    "client-stalled");

    private static final String MODEL_INFO = "cospace.model.info";

    /** From half a millisecond to ten seconds, about two a factor of three. */
    private static final Duration[] TIMES = {
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

    private static final double[] COUNTS = {1, 2, 4, 8, 16, 32, 64, 128, 256};
    private static final double[] SHARES = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8};
    private static final double[] MILLIS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000};

    /** Values of enumerations as tags have them. */
    private static final Map<Enum<?>, String> WORDS = new ConcurrentHashMap<>();

    private final MeterRegistry registry;

    /** Meters by their tags: a look-up in the registry costs more than the recording. */
    private final Map<String, Timer> stages = new ConcurrentHashMap<>();

    private final Map<String, DistributionSummary> summaries = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    EmbeddingMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("cospace.native.memory", NativeMemory::bytes)
                .description("Resident memory beyond what the JVM manages: models and their arenas")
                .baseUnit("bytes")
                .register(registry);
        registry.counter("cospace.truncated");
        showZeros();
    }

    /**
     * Meters that nothing has happened to yet are there all the same: a rate over a series that
     * begins with its first event misses that event.
     */
    private void showZeros() {
        for (Modality modality : Modality.values()) {
            String name = name(modality);
            for (String stage : new String[] {"prepare", "queue", "run"}) {
                Timer _ = stage(stage, name);
            }
            Counter _ = itemsCounter(name, "ok");
            Counter _ = itemsCounter(name, "inference-failed");
            DistributionSummary _ = batchItems(name);
            DistributionSummary _ = batchCost(name);
            DistributionSummary _ = batchPadding(name);
        }
        Timer _ = stage("encode", ANY);
        Timer _ = stage("fetch", name(Modality.IMAGE));
        for (DropReason reason : DropReason.values()) {
            Counter _ = counter(DROPPED, "reason", word(reason));
        }
        for (Lookup lookup : Lookup.values()) {
            Counter _ = counter(CACHE, "result", word(lookup));
        }
        for (String reason : REFUSALS) {
            Counter _ = counter(REJECTED, "reason", reason);
        }
    }

    /** Shows what waits and runs from now on, and whether a run is stuck: does not come back. */
    public void watch(Supplier<QueueLoad> load, BooleanSupplier stuck) {
        Gauge.builder("cospace.stuck", stuck, is -> is.getAsBoolean() ? 1 : 0)
                .description("1 while a run of a model does not come back, else 0")
                .strongReference(true)
                .register(registry);
        gauge("cospace.queue.items", "Items that wait for a tower", load, QueueLoad::items);
        gauge(
                "cospace.queue.seconds",
                "Predicted work that waits, over all dispatchers",
                load,
                QueueLoad::seconds);
        gauge(
                "cospace.saturation",
                "Share of time that dispatchers were busy, 0 to 1",
                load,
                QueueLoad::saturation);
    }

    @Override
    public void opened(Model model) {
        for (Modality modality : Modality.values()) {
            Gauge.builder(MODEL_INFO, () -> 1)
                    .description("A model that is open; always 1")
                    .tags(tags(model, modality))
                    .register(registry);
        }
    }

    @Override
    public void closed(Model model) {
        for (Modality modality : Modality.values()) {
            registry.find(MODEL_INFO)
                    .tags(tags(model, modality))
                    .meters()
                    .forEach(registry::remove);
        }
    }

    private static Tags tags(Model model, Modality modality) {
        TowerState state = model.state(modality);
        return Tags.of(
                "name", model.manifest().name(),
                "version", model.manifest().version(),
                "space", model.space(),
                "tower", name(modality),
                "precision", state.precision(),
                "device", state.device().toString());
    }

    // ---- items and calls

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
    public void abandoned() {
        counter(DROPPED, "reason", word(DropReason.CANCELLED)).increment();
    }

    @Override
    public void truncated() {
        registry.counter("cospace.truncated").increment();
    }

    @Override
    public void rejected(String reason) {
        counter(REJECTED, "reason", reason).increment();
    }

    @Override
    public void fetched(long nanos) {
        stage("fetch", name(Modality.IMAGE)).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void encoded(long nanos) {
        stage("encode", ANY).record(nanos, TimeUnit.NANOSECONDS);
    }

    // ---- batches

    @Override
    public void ran(BatchRun run) {
        batchItems(run.lane()).record(run.rows());
        batchCost(run.lane()).record(run.predictedMillis());
        batchPadding(run.lane()).record(run.paddingRatio());
    }

    @Override
    public void dropped(String lane, Priority priority, DropReason reason) {
        counter(DROPPED, "reason", word(reason)).increment();
    }

    @Override
    public void lookedUp(String lane, Lookup lookup) {
        counter(CACHE, "result", word(lookup)).increment();
    }

    // ---- making meters

    private void items(String modality, String outcome) {
        itemsCounter(modality, outcome).increment();
    }

    private Counter itemsCounter(String modality, String outcome) {
        return counters.computeIfAbsent(
                "cospace.items/" + modality + '/' + outcome,
                _ ->
                        registry.counter(
                                "cospace.items",
                                Tags.of("modality", modality, "outcome", outcome)));
    }

    private Counter counter(String name, String tag, String value) {
        return counters.computeIfAbsent(
                name + '/' + value, _ -> registry.counter(name, tag, value));
    }

    private DistributionSummary batchItems(String lane) {
        return summary("cospace.batch.items", lane, "Items in one run of a model", COUNTS);
    }

    private DistributionSummary batchCost(String lane) {
        return summary("cospace.batch.cost", lane, "Predicted milliseconds of one run", MILLIS);
    }

    private DistributionSummary batchPadding(String lane) {
        return summary("cospace.batch.padding.ratio", lane, "Share of padding in one run", SHARES);
    }

    private void gauge(
            String name,
            String description,
            Supplier<QueueLoad> load,
            ToDoubleFunction<QueueLoad> value) {
        Gauge.builder(name, load, supplier -> value.applyAsDouble(supplier.get()))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private Timer stage(String stage, String modality) {
        return stages.computeIfAbsent(
                stage + '/' + modality,
                _ ->
                        Timer.builder("cospace.stage")
                                .description("Time of an item, or of an answer, in a stage")
                                .tags("stage", stage, "modality", modality)
                                .serviceLevelObjectives(TIMES)
                                .register(registry));
    }

    private DistributionSummary summary(
            String name, String lane, String description, double[] buckets) {
        return summaries.computeIfAbsent(
                name + '/' + lane,
                _ ->
                        DistributionSummary.builder(name)
                                .description(description)
                                .tags("modality", lane)
                                .serviceLevelObjectives(buckets)
                                .register(registry));
    }

    private static String name(Modality modality) {
        return word(modality);
    }

    private static String word(Enum<?> value) {
        return WORDS.computeIfAbsent(
                value, key -> key.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
