package io.cospace.service.health;

import io.cospace.service.batching.Dispatchers;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Live while every run of a model comes back in time; the process should be restarted otherwise.
 */
@Liveness
final class DispatcherLiveness implements HealthCheck {

    private final Dispatchers dispatchers;

    DispatcherLiveness(Dispatchers dispatchers) {
        this.dispatchers = dispatchers;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> stuck = dispatchers.stuck();
        var response = HealthCheckResponse.named("dispatchers").status(stuck.isEmpty());
        stuck.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
