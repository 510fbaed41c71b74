package io.cospace.service.config;

import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.onnx.Device;
import io.cospace.service.batching.CpuShare;
import io.cospace.service.fetch.FetchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Which values of the configuration are out of their range. */
final class ConfigCheck {

    private static final int MOST_THREADS = 1024;
    private static final long MEGABYTE = 1_000_000;
    private static final long TERABYTE = 1_000_000_000_000L;

    private final List<String> faults = new ArrayList<>();

    private ConfigCheck() {}

    /** One sentence for each value that is out of its range: its key, the value, the range. */
    static List<String> faults(ServiceConfig config) {
        ConfigCheck check = new ConfigCheck();
        check.model(config);
        check.preparation(config.preparation());
        check.limits(config.limits());
        check.batching(config.batching());
        check.fetch(config.fetch());
        Duration hour = Duration.ofHours(1);
        check.range("keys.reload", config.keys().reload(), Duration.ofSeconds(1), hour);
        check.range("cache.bytes", config.cache().bytes(), 0, TERABYTE);
        check.range("drain.delay", config.drain().delay(), Duration.ZERO, Duration.ofMinutes(10));
        check.range("drain.timeout", config.drain().timeout(), Duration.ZERO, hour);
        check.connections(config.connections());
        return check.faults;
    }

    private void model(ServiceConfig config) {
        try {
            Device _ = Device.parse(config.device());
        } catch (DeviceException _) {
            String one = config.device().contains(",") ? " (one: a process for each GPU)" : "";
            fault("device", config.device(), "auto, cpu, cuda or cuda:N" + one);
        }
        range("cuda.memory-bytes", config.cuda().memoryBytes(), 0, TERABYTE);
        if (config.precision().isBlank()) {
            fault("precision", config.precision(), "auto, or a precision of the bundle");
        }
        range("wide-threads", config.wideThreads(), MOST_THREADS);
        range("warm-up-limit", config.warmUpLimit(), Duration.ZERO, Duration.ofMinutes(10));
    }

    private void preparation(ServiceConfig.Preparation preparation) {
        range("preparation.text-threads", preparation.textThreads(), MOST_THREADS);
        range("preparation.image-threads", preparation.imageThreads(), MOST_THREADS);
        range("preparation.max-calls", preparation.maxCalls(), 1, 1_000_000);
        range("preparation.max-body-bytes", preparation.maxBodyBytes(), MEGABYTE, TERABYTE);
    }

    private void limits(ServiceConfig.Limits limits) {
        range("limits.body-bytes", limits.bodyBytes(), 1_000, 1_000_000_000);
        range("limits.inputs", limits.inputs(), 1, 65_536);
        range("limits.stored-vectors", limits.storedVectors(), 1, 1_000_000);
        range("limits.scores", limits.scores(), 1, 100_000_000);
        range("limits.text-bytes", limits.textBytes(), 1, 1_000_000);
        range("limits.image-bytes", limits.imageBytes(), 1, 1_000_000_000);
        range("limits.image-pixels", limits.imagePixels(), 1, 1_000_000_000);
        range("limits.windows", limits.windows(), 1, 10_000);
        range("limits.json-depth", limits.jsonDepth(), 4, 1_000);
        range(
                "limits.body-pause",
                limits.bodyPause(),
                Duration.ofMillis(10),
                Duration.ofMinutes(10));
        range(
                "limits.answer-pause",
                limits.answerPause(),
                Duration.ofMillis(10),
                Duration.ofMinutes(10));
        range("limits.line-pause", limits.linePause(), Duration.ofMillis(10), Duration.ofHours(1));
        range("limits.timeout", limits.timeout(), Duration.ofMillis(1), Duration.ofMinutes(10));
    }

    private void fetch(ServiceConfig.Fetch fetch) {
        range("fetch.max-bytes", fetch.maxBytes(), 1, 100_000_000);
        range("fetch.timeout", fetch.timeout(), Duration.ofMillis(10), Duration.ofMinutes(1));
        range("fetch.max-redirects", fetch.maxRedirects(), 0, 10);
        range("fetch.at-once", fetch.atOnce(), 1, 1_000);
        List<String> hosts = fetch.allowedHosts().orElse(List.of());
        if (fetch.enabled() && hosts.isEmpty()) {
            fault(
                    "fetch.allowed-hosts",
                    "empty",
                    "a list of hosts while cospace.fetch.enabled is true");
        }
        for (String host : hosts) {
            if (!FetchSettings.isHost(host)) {
                fault("fetch.allowed-hosts", host, "a host name, or *. and a domain");
            }
        }
    }

    private void connections(ServiceConfig.Connections connections) {
        Duration day = Duration.ofHours(24);
        range("connections.max-age", connections.maxAge(), Duration.ZERO, day);
        range("connections.grace", connections.grace(), Duration.ofSeconds(1), day);
    }

    private void batching(ServiceConfig.Batching batching) {
        Duration hour = Duration.ofHours(1);
        range("batching.dispatchers", batching.dispatchers(), MOST_THREADS);
        range("batching.max-queued-items", batching.maxQueuedItems(), 1, 10_000_000);
        range("batching.max-queued-bytes", batching.maxQueuedBytes(), MEGABYTE, TERABYTE);
        range("batching.max-queue-time", batching.maxQueueTime(), Duration.ofMillis(1), hour);
        range("batching.max-open-calls", batching.maxOpenCalls(), 1_000_000);
        range("batching.niceness", batching.niceness(), 0, CpuShare.MOST_NICENESS);
        range("batching.max-texts", batching.maxTexts(), 1, 4096);
        range("batching.max-tokens", batching.maxTokens(), 1, 1_000_000);
        range("batching.max-images", batching.maxImages(), 1, 4096);
        range("batching.look-ahead", batching.lookAhead(), 0, 100_000);
        if (!(batching.maxPadding() >= 0 && batching.maxPadding() <= 1)) {
            fault("batching.max-padding", batching.maxPadding(), "0 .. 1");
        }
        range("batching.age-limit", batching.ageLimit(), Duration.ZERO, hour);
        range("batching.max-wait", batching.maxWait(), Duration.ZERO, Duration.ofSeconds(1));
        range("batching.aging-limit", batching.agingLimit(), Duration.ZERO, hour);
    }

    private void range(String key, OptionalInt value, int most) {
        value.ifPresent(v -> range(key, v, 1, most));
    }

    private void range(String key, long value, long least, long most) {
        if (value < least || value > most) {
            fault(key, value, "%d .. %d".formatted(least, most));
        }
    }

    private void range(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            fault(
                    key,
                    value.toMillis() + " ms",
                    "%d .. %d ms".formatted(least.toMillis(), most.toMillis()));
        }
    }

    private void fault(String key, Object value, String range) {
        faults.add("cospace.%s is %s; must be %s".formatted(key, value, range));
    }
}
