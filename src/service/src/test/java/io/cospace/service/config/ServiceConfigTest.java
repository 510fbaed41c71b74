package io.cospace.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.embedding.Limits;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {

    /** Every key with its default; a change here is a change of the public contract. */
    private static final Map<String, String> KEYS = new TreeMap<>();

    static {
        KEYS.put("cospace.model", "");
        KEYS.put("cospace.models", "models");
        KEYS.put("cospace.device", "auto");
        KEYS.put("cospace.precision", "auto");
        KEYS.put("cospace.verify", "auto");
        KEYS.put("cospace.wide-threads", "");
        KEYS.put("cospace.cuda.memory-bytes", "0");
        KEYS.put("cospace.preparation.text-threads", "");
        KEYS.put("cospace.preparation.image-threads", "");
        KEYS.put("cospace.preparation.max-calls", "1024");
        KEYS.put("cospace.preparation.max-body-bytes", "268435456");
        KEYS.put("cospace.limits.body-bytes", "33554432");
        KEYS.put("cospace.limits.inputs", "1024");
        KEYS.put("cospace.limits.stored-vectors", "16384");
        KEYS.put("cospace.limits.scores", "1000000");
        KEYS.put("cospace.limits.text-bytes", "1000000");
        KEYS.put("cospace.limits.image-bytes", "20000000");
        KEYS.put("cospace.limits.image-pixels", "64000000");
        KEYS.put("cospace.limits.windows", "64");
        KEYS.put("cospace.limits.json-depth", "32");
        KEYS.put("cospace.limits.timeout", "60s");
        KEYS.put("cospace.fetch.enabled", "false");
        KEYS.put("cospace.fetch.allowed-hosts", "");
        KEYS.put("cospace.fetch.allowed-hosts[*]", "");
        KEYS.put("cospace.fetch.max-bytes", "10000000");
        KEYS.put("cospace.fetch.timeout", "5s");
        KEYS.put("cospace.fetch.max-redirects", "3");
        KEYS.put("cospace.fetch.at-once", "32");
        KEYS.put("cospace.limits.answer-pause", "30s");
        KEYS.put("cospace.limits.body-pause", "30s");
        KEYS.put("cospace.limits.line-pause", "60s");
        KEYS.put("cospace.warm-up-limit", "2s");
        KEYS.put("cospace.keys.file", "");
        KEYS.put("cospace.keys.reload", "10s");
        KEYS.put("cospace.cache.bytes", "0");
        KEYS.put("cospace.drain.delay", "5s");
        KEYS.put("cospace.drain.timeout", "20s");
        KEYS.put("cospace.connections.max-age", "30m");
        KEYS.put("cospace.connections.grace", "1h");
        KEYS.put("cospace.access-log.enabled", "false");
        KEYS.put("cospace.access-log.file", "");
        KEYS.put("cospace.traces.endpoint", "");
        KEYS.put("cospace.batching.dispatchers", "");
        KEYS.put("cospace.batching.max-queued-items", "8192");
        KEYS.put("cospace.batching.max-queued-bytes", "536870912");
        KEYS.put("cospace.batching.max-queue-time", "10s");
        KEYS.put("cospace.batching.max-open-calls", "");
        KEYS.put("cospace.batching.niceness", "5");
        KEYS.put("cospace.batching.max-texts", "32");
        KEYS.put("cospace.batching.max-tokens", "256");
        KEYS.put("cospace.batching.max-images", "4");
        KEYS.put("cospace.batching.look-ahead", "128");
        KEYS.put("cospace.batching.max-padding", "0.2");
        KEYS.put("cospace.batching.age-limit", "250ms");
        KEYS.put("cospace.batching.max-wait", "0s");
        KEYS.put("cospace.batching.aging-limit", "10s");
    }

    @Test
    void has_exactly_these_keys_and_defaults() {
        Map<String, String> found = new TreeMap<>();
        ConfigMappings.getProperties(ConfigClass.configClass(ServiceConfig.class))
                .forEach((name, property) ->
                        found.put(
                                name,
                                property.hasDefaultValue() ? property.getDefaultValue() : ""));
        assertThat(found).isEqualTo(KEYS);
    }

    @Test
    void gives_the_documented_limits_when_nothing_is_set() {
        Settings settings = Settings.of(config(Map.of()));
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(settings.limits()).isEqualTo(Limits.defaults());
        assertThat(settings.textThreads()).isEqualTo(cores);
        assertThat(settings.imageThreads()).isEqualTo(cores);
        assertThat(settings.encoder().wideThreads()).isEqualTo(cores);
        assertThat(settings.encoder().device()).hasToString("auto");
        assertThat(settings.encoder().cudaBytes()).isZero();
        assertThat(settings.model()).isEmpty();
        assertThat(settings.models()).hasToString("models");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device                   | tpu        | cospace.device is tpu; must be auto, cpu, cuda or cuda:N",
                "device                   | cuda:0,cuda:1 | cospace.device is cuda:0,cuda:1; must be auto, cpu, cuda or cuda:N (one: a process for each GPU)",
                "cuda.memory-bytes        | -1         | cospace.cuda.memory-bytes is -1; must be 0 .. 1000000000000",
                "wide-threads             | 0          | cospace.wide-threads is 0; must be 1 .. 1024",
                "preparation.text-threads | 2000       | cospace.preparation.text-threads is 2000; must be 1 .. 1024",
                "preparation.image-threads | -1        | cospace.preparation.image-threads is -1; must be 1 .. 1024",
                "preparation.max-calls    | 0          | cospace.preparation.max-calls is 0; must be 1 .. 1000000",
                "preparation.max-body-bytes | 5        | cospace.preparation.max-body-bytes is 5; must be 1000000 .. 1000000000000",
                "limits.body-bytes        | 2000000000 | cospace.limits.body-bytes is 2000000000; must be 1000 .. 1000000000",
                "limits.inputs            | 0          | cospace.limits.inputs is 0; must be 1 .. 65536",
                "limits.stored-vectors    | 0          | cospace.limits.stored-vectors is 0; must be 1 .. 1000000",
                "limits.scores            | 0          | cospace.limits.scores is 0; must be 1 .. 100000000",
                "limits.text-bytes        | 1000001    | cospace.limits.text-bytes is 1000001; must be 1 .. 1000000",
                "limits.image-bytes       | 0          | cospace.limits.image-bytes is 0; must be 1 .. 1000000000",
                "limits.image-pixels      | 0          | cospace.limits.image-pixels is 0; must be 1 .. 1000000000",
                "limits.json-depth        | 3          | cospace.limits.json-depth is 3; must be 4 .. 1000",
                "limits.windows           | 0          | cospace.limits.windows is 0; must be 1 .. 10000",
                "warm-up-limit            | 11m        | cospace.warm-up-limit is 660000 ms; must be 0 .. 600000 ms",
                "keys.reload              | 0s         | cospace.keys.reload is 0 ms; must be 1000 .. 3600000 ms",
                "batching.dispatchers     | 0          | cospace.batching.dispatchers is 0; must be 1 .. 1024",
                "batching.max-queued-items | 0         | cospace.batching.max-queued-items is 0; must be 1 .. 10000000",
                "batching.max-queued-bytes | 1         | cospace.batching.max-queued-bytes is 1; must be 1000000 .. 1000000000000",
                "batching.max-queue-time  | 0s         | cospace.batching.max-queue-time is 0 ms; must be 1 .. 3600000 ms",
                "batching.max-open-calls  | 0          | cospace.batching.max-open-calls is 0; must be 1 .. 1000000",
                "batching.niceness        | 20         | cospace.batching.niceness is 20; must be 0 .. 19",
                "batching.max-texts       | 0          | cospace.batching.max-texts is 0; must be 1 .. 4096",
                "batching.max-tokens      | 0          | cospace.batching.max-tokens is 0; must be 1 .. 1000000",
                "batching.max-images      | 5000       | cospace.batching.max-images is 5000; must be 1 .. 4096",
                "batching.look-ahead      | -1         | cospace.batching.look-ahead is -1; must be 0 .. 100000",
                "batching.max-padding     | 1.5        | cospace.batching.max-padding is 1.5; must be 0 .. 1",
                "batching.max-padding     | NaN        | cospace.batching.max-padding is NaN; must be 0 .. 1",
                "batching.age-limit       | 2h         | cospace.batching.age-limit is 7200000 ms; must be 0 .. 3600000 ms",
                "batching.max-wait        | 2s         | cospace.batching.max-wait is 2000 ms; must be 0 .. 1000 ms",
                "batching.aging-limit     | 2h         | cospace.batching.aging-limit is 7200000 ms; must be 0 .. 3600000 ms",
                "limits.timeout           | 11m        | cospace.limits.timeout is 660000 ms; must be 1 .. 600000 ms"
            })
    void refuses_a_value_out_of_range_with_key_value_and_range(
            String key, String value, String message) {
        ServiceConfig config = config(Map.of("cospace." + key, value));
        assertThatThrownBy(() -> Settings.of(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void the_limit_of_a_gpu_reaches_the_encoder() {
        ServiceConfig config = config(Map.of("cospace.cuda.memory-bytes", "6000000000"));
        assertThat(Settings.of(config).encoder().cudaBytes()).isEqualTo(6_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "cospace.wide-threads, abc",
        "cospace.limits.inputs, 10MB",
        "cospace.cache.bytes, 1.5",
        "cospace.warm-up-limit, soon",
        "cospace.verify, some",
    })
    void a_value_of_another_type_stops_the_start_and_is_named_with_its_key(
            String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(value);
    }

    @Test
    void names_every_fault_at_once() {
        ServiceConfig config =
                config(Map.of("cospace.limits.inputs", "0", "cospace.wide-threads", "0"));
        assertThatThrownBy(() -> Settings.of(config))
                .hasMessageContaining("cospace.limits.inputs")
                .hasMessageContaining("cospace.wide-threads");
    }

    private static ServiceConfig config(Map<String, String> values) {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .withMapping(ServiceConfig.class)
                        .withSources(new PropertiesConfigSource(values, "test", 100))
                        .withConverter(
                                java.time.Duration.class,
                                100,
                                new io.quarkus.runtime.configuration.DurationConverter())
                        .build();
        return config.getConfigMapping(ServiceConfig.class);
    }
}
