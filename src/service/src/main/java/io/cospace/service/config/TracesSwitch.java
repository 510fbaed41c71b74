package io.cospace.service.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import org.jspecify.annotations.Nullable;

/**
 * Switches OpenTelemetry off unless {@code cospace.traces.endpoint} is set: left to itself, the
 * library sends to a receiver on this machine that nobody has asked for. All other keys of {@code
 * quarkus.otel} hold, for example {@code quarkus.otel.exporter.otlp.protocol} and {@code
 * quarkus.otel.traces.sampler}.
 */
@Priority(Priorities.APPLICATION)
public final class TracesSwitch implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;
    private static final String SWITCH = "quarkus.otel.sdk.disabled";
    private static final String ENDPOINT = "cospace.traces.endpoint";

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!name.equals(SWITCH)) {
            return context.proceed(name);
        }
        ConfigValue endpoint = context.proceed(ENDPOINT);
        boolean off = endpoint == null || endpoint.getValue() == null;
        return ConfigValue.builder().withName(SWITCH).withValue(Boolean.toString(off)).build();
    }
}
