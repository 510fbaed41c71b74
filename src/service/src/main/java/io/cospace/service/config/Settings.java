package io.cospace.service.config;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.onnx.Device;
import io.cospace.service.admission.AdmissionSettings;
import io.cospace.service.admission.Drain;
import io.cospace.service.admission.KeyLimits;
import io.cospace.service.batching.DispatcherSettings;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.QueueLimits;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.ModelOpening;
import io.cospace.service.embedding.VectorCache;
import io.cospace.service.fetch.FetchSettings;
import io.cospace.service.grpc.ConnectionAge;
import io.cospace.service.signals.SignalSettings;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The checked configuration, as the values that the parts of the service take. */
public final class Settings {

    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(10);

    /*
     * A client that keeps 64 calls open is served, on one core too; more calls than these only wait longer. With short texts,
     * whose batches then take a third of that time, the slowest then wait twice as long as at .8 of the load.
     */
    private static final int OPEN_CALLS_A_DISPATCHER = 36;

    private static final int LEAST_OPEN_CALLS = 72;

    private final ServiceConfig config;

    private Settings(ServiceConfig config) {
        this.config = config;
    }

    /**
     * Checks every value.
     *
     * @throws ConfigurationException that names every value that is out of its range; its message
     *     is all that a stopped start-up prints
     */
    public static Settings of(ServiceConfig config) {
        List<String> faults = ConfigCheck.faults(config);
        if (!faults.isEmpty()) {
            throw new ConfigurationException(String.join(System.lineSeparator(), faults));
        }
        return new Settings(config);
    }

    /** Folder of the bundle, when one is named. */
    public Optional<Path> model() {
        return config.model();
    }

    /** Folder that holds bundles. */
    public Path models() {
        return config.models();
    }

    /** How the bundle is opened. */
    public EncoderSettings encoder() {
        ServiceConfig.Limits limits = config.limits();
        ImageLimits images =
                new ImageLimits(
                        limits.imageBytes(),
                        limits.imagePixels(),
                        ImageLimits.defaults().maxSide());
        return new EncoderSettings(
                Device.parse(config.device()),
                config.precision(),
                orCores(config.wideThreads()),
                config.verify(),
                images,
                config.cuda().memoryBytes());
    }

    /** What one call may ask for. */
    public Limits limits() {
        ServiceConfig.Limits limits = config.limits();
        return new Limits(
                limits.bodyBytes(),
                limits.inputs(),
                limits.storedVectors(),
                limits.scores(),
                limits.textBytes(),
                limits.imageBytes(),
                limits.imagePixels(),
                limits.windows(),
                limits.jsonDepth(),
                limits.timeout());
    }

    /** The limits of one call, then those of all together, by their public names. */
    public Map<String, Long> published() {
        ServiceConfig.Batching batching = config.batching();
        Map<String, Long> limits = new LinkedHashMap<>(limits().published());
        limits.put("longest_timeout_ms", MOST_TIMEOUT.toMillis());
        limits.put("calls", (long) maxCalls());
        limits.put("body_memory_bytes", maxBodyBytes());
        limits.put("queue_items", (long) batching.maxQueuedItems());
        limits.put("queue_bytes", batching.maxQueuedBytes());
        limits.put("open_calls", (long) maxOpenCalls());
        limits.put("queue_ms", batching.maxQueueTime().toMillis());
        limits.put("url_image_bytes", config.fetch().enabled() ? config.fetch().maxBytes() : 0L);
        limits.put("batch_texts", (long) batching.maxTexts());
        limits.put("batch_tokens", (long) batching.maxTokens());
        limits.put("batch_images", (long) batching.maxImages());
        limits.put("cache_bytes", config.cache().bytes());
        limits.put("dispatchers", (long) orCores(batching.dispatchers()));
        return limits;
    }

    public int textThreads() {
        return orCores(config.preparation().textThreads());
    }

    public int imageThreads() {
        return orCores(config.preparation().imageThreads());
    }

    public int maxCalls() {
        return config.preparation().maxCalls();
    }

    public long maxBodyBytes() {
        return config.preparation().maxBodyBytes();
    }

    /** Longest pause of a body. */
    public Duration bodyPause() {
        return config.limits().bodyPause();
    }

    /** Longest pause in reading an answer that is given as a whole. */
    public Duration answerPause() {
        return config.limits().answerPause();
    }

    /** Longest pause of a bulk call. */
    public Duration linePause() {
        return config.limits().linePause();
    }

    /** What may be fetched; empty: nothing. */
    public Optional<FetchSettings> fetch() {
        ServiceConfig.Fetch fetch = config.fetch();
        return fetch.enabled()
                ? Optional.of(
                        new FetchSettings(
                                Set.copyOf(fetch.allowedHosts().orElse(List.of())),
                                fetch.maxBytes(),
                                fetch.timeout(),
                                fetch.maxRedirects()))
                : Optional.empty();
    }

    /** Images that are fetched at once. */
    public int fetchedAtOnce() {
        return config.fetch().atOnce();
    }

    /** What holds for every caller. */
    public AdmissionSettings admission() {
        return new AdmissionSettings(
                config.batching().maxQueueTime(),
                maxOpenCalls(),
                config.limits().timeout(),
                MOST_TIMEOUT,
                KeyLimits.NONE);
    }

    /** Interactive calls that are answered at once. */
    private int maxOpenCalls() {
        ServiceConfig.Batching batching = config.batching();
        return batching.maxOpenCalls()
                .orElse(
                        Math.max(
                                LEAST_OPEN_CALLS,
                                OPEN_CALLS_A_DISPATCHER * orCores(batching.dispatchers())));
    }

    /** File of API keys, when callers need one. */
    public Optional<Path> keys() {
        return config.keys().file();
    }

    /** How often that file is looked at for changes. */
    public Duration keysReload() {
        return config.keys().reload();
    }

    /** How the process ends. */
    public Drain.Times drain() {
        return new Drain.Times(config.drain().delay(), config.drain().timeout());
    }

    /** How long clients keep to one connection. */
    public ConnectionAge connections() {
        ServiceConfig.Connections connections = config.connections();
        return new ConnectionAge(connections.maxAge(), connections.grace());
    }

    /** What is told of calls. */
    public SignalSettings signals() {
        ServiceConfig.AccessLog log = config.accessLog();
        return new SignalSettings(
                log.enabled(), log.file(), config.traces().endpoint().isPresent());
    }

    /** The threads that run the models, and what may wait for them. */
    public DispatcherSettings dispatchers() {
        ServiceConfig.Batching batching = config.batching();
        QueueLimits limits =
                new QueueLimits(
                        batching.maxQueuedItems(),
                        batching.maxQueuedBytes(),
                        batching.maxQueueTime());
        DispatcherSettings defaults =
                DispatcherSettings.of(orCores(batching.dispatchers()), limits);
        return new DispatcherSettings(
                defaults.dispatchers(),
                limits,
                batching.agingLimit(),
                defaults.overrunFloor(),
                defaults.overrunFactor(),
                batching.niceness());
    }

    /** How a model is served. */
    public ModelOpening.Plan plan() {
        ServiceConfig.Batching batching = config.batching();
        return new ModelOpening.Plan(
                lane("text", batching.maxTexts(), batching.maxTokens()),
                lane("image", batching.maxImages(), batching.maxImages()),
                config.warmUpLimit(),
                VectorCache.of(config.cache().bytes()));
    }

    private LaneSettings lane(String name, int maxRows, int maxUnits) {
        ServiceConfig.Batching batching = config.batching();
        return new LaneSettings(
                name,
                maxRows,
                maxUnits,
                batching.lookAhead(),
                batching.maxPadding(),
                batching.ageLimit(),
                batching.maxWait());
    }

    private static int orCores(OptionalInt configured) {
        return configured.orElse(Runtime.getRuntime().availableProcessors());
    }
}
