package io.cospace.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference is what the code says, and the code does what the reference says. After a change of
 * {@link ServiceConfig}: {@code ./mvnw -Ddev -Dcospace.write -pl src/service -am test
 * -Dtest=ConfigReferenceTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ConfigReferenceTest {

    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final Path REFERENCE = ROOT.resolve("src/service/CONFIGURATION.md");
    private static final Path ENVIRONMENT = ROOT.resolve("k8s/base/cospace.env");
    private static final boolean WRITE = System.getProperty("cospace.write") != null;

    @Test
    void the_reference_is_what_the_code_says() throws IOException {
        String old = Files.readString(REFERENCE);
        int begin = old.indexOf(ConfigReference.BEGIN) + ConfigReference.BEGIN.length();
        String now =
                old.substring(0, begin)
                        + ConfigReference.markdown()
                        + old.substring(old.indexOf(ConfigReference.END));
        isCurrent(REFERENCE, now);
    }

    @Test
    void the_file_of_the_config_map_names_every_key() throws IOException {
        isCurrent(ENVIRONMENT, ConfigReference.environment());
    }

    private static void isCurrent(Path file, String now) throws IOException {
        if (WRITE) {
            Files.writeString(file, now);
        }
        assertThat(Files.readString(file))
                .as(
                        file
                                + " is older than ServiceConfig.java; see the command in this test's Javadoc")
                .isEqualTo(now);
    }

    static List<ConfigKey> keys() throws IOException {
        return ConfigKeys.all();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_key_says_what_it_means_and_what_a_number_of_it_may_be(ConfigKey key) {
        boolean number = key.type().isPrimitive() && key.type() != boolean.class;
        assertThat(key.meaning()).isNotBlank();
        assertThat(key.range().isPresent())
                .as("%s has a range", key.name())
                .isEqualTo(number || key.type() == Duration.class);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void the_environment_sets_a_key(ConfigKey key) throws Exception {
        String value = other(key);
        Object set = read(config(Map.of(key.variable(), value)), key.name());
        Object unset = read(config(Map.of()), key.name());
        assertThat(set).as(key.variable()).isNotEqualTo(unset);
    }

    static Stream<ConfigKey> keysWithRange() throws IOException {
        return keys().stream().filter(key -> key.range().isPresent());
    }

    @ParameterizedTest
    @MethodSource("keysWithRange")
    void the_range_of_the_reference_is_the_one_that_stops_a_start(ConfigKey key) {
        ConfigKey.Range range = key.range().orElseThrow();
        for (double good : new double[] {range.least(), range.most()}) {
            ServiceConfig config = config(Map.of(key.variable(), write(key, good)));
            assertThatCode(() -> Settings.of(config)).doesNotThrowAnyException();
        }
        double step = key.type() == double.class ? 0.001 : 1;
        for (double bad : new double[] {range.least() - step, range.most() + step}) {
            ServiceConfig config = config(Map.of(key.variable(), write(key, bad)));
            assertThatThrownBy(() -> Settings.of(config))
                    .hasMessageContaining(key.name() + " is ")
                    .hasMessageContaining("; must be ");
        }
    }

    /** A value that is allowed and is not the default. */
    private static String other(ConfigKey key) {
        if (key.range().isPresent()) {
            double most = key.range().get().most();
            return key.defaultValue().equals(write(key, most)) ? "1" : write(key, most);
        }
        if (key.type().isEnum()) {
            Object[] constants = key.type().getEnumConstants();
            return constants[constants.length - 1].toString().equalsIgnoreCase(key.defaultValue())
                    ? constants[0].toString()
                    : constants[constants.length - 1].toString();
        }
        if (key.type() == boolean.class) {
            return String.valueOf(!Boolean.parseBoolean(key.defaultValue()));
        }
        return "other";
    }

    private static String write(ConfigKey key, double value) {
        if (key.type() == Duration.class) {
            return Duration.ofMillis((long) value).toString();
        }
        return key.type() == double.class ? String.valueOf(value) : String.valueOf((long) value);
    }

    /** Goes the way of the key through the interfaces. */
    private static Object read(ServiceConfig config, String name) throws Exception {
        Object value = config;
        Class<?> type = ServiceConfig.class;
        List<String> way = new ArrayList<>(List.of(name.split("\\.")));
        way.removeFirst();
        for (String step : way) {
            Method method = method(type, step);
            value = method.invoke(value);
            type = method.getReturnType();
        }
        return switch (value) {
            case Optional<?> optional -> optional.isPresent() ? optional.get() : "none";
            case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : "none";
            default -> value;
        };
    }

    private static Method method(Class<?> type, String step) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> ConfigKeys.kebab(method.getName()).equals(step))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no method for " + step));
    }

    private static ServiceConfig config(Map<String, String> environment) {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .withMapping(ServiceConfig.class)
                        .withSources(new EnvConfigSource(environment, 300))
                        .withConverter(Duration.class, 100, new DurationConverter())
                        .build();
        return config.getConfigMapping(ServiceConfig.class);
    }
}
