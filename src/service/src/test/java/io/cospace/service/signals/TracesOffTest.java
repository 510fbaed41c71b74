package io.cospace.service.signals;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Nothing is traced, and nothing goes out, unless an endpoint is named. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected
class TracesOffTest {

    @Inject OpenTelemetry telemetry;

    @ConfigProperty(name = "quarkus.otel.sdk.disabled")
    boolean disabled;

    @Test
    void has_neither_processor_nor_exporter_without_an_endpoint() {
        assertThat(disabled).isTrue();
        // It says what its spans would be given to.
        assertThat(telemetry.toString()).contains("NoopSpanProcessor").doesNotContain("Exporter");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("BatchSpanProcessor"));
    }
}
