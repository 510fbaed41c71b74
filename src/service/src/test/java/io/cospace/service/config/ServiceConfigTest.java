package io.cospace.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.embedding.Limits;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
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
        KEYS.put("cospace.limits.json-depth", "32");
        KEYS.put("cospace.limits.timeout", "60s");
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
        assertThat(settings.model()).isEmpty();
        assertThat(settings.models()).hasToString("models");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device                   | tpu        | cospace.device is tpu; must be auto, cpu, cuda or cuda:N",
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
