package io.cospace.service.health;

import io.cospace.service.admission.Drain;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when a bundle is opened: verified, self-tested and warmed up; until the process is told to
 * end.
 */
@Readiness
final class ModelReadiness implements HealthCheck {

    private final Models models;
    private final Drain drain;

    ModelReadiness(Models models, Drain drain) {
        this.models = models;
        this.drain = drain;
    }

    @Override
    public HealthCheckResponse call() {
        List<Model> served = models.all();
        boolean leaving = drain.isLeaving();
        var response = HealthCheckResponse.named("model").status(!served.isEmpty() && !leaving);
        if (leaving) {
            response.withData("reason", "draining");
        }
        served.forEach(model -> response.withData(model.id(), model.space()));
        return response.build();
    }
}
