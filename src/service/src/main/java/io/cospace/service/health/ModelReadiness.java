package io.cospace.service.health;

import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when a bundle is opened: verified, self-tested and warmed up. */
@Readiness
final class ModelReadiness implements HealthCheck {

    private final Models models;

    ModelReadiness(Models models) {
        this.models = models;
    }

    @Override
    public HealthCheckResponse call() {
        List<Model> served = models.all();
        var response = HealthCheckResponse.named("model").status(!served.isEmpty());
        served.forEach(model -> response.withData(model.id(), model.space()));
        return response.build();
    }
}
