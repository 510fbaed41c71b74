package io.cospace.service.grpc;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.cospace.service.admission.Drain;
import io.cospace.service.embedding.Models;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * What {@code grpc.health.v1} says: serving while a model is served and the process does not end,
 * as readiness over HTTP. Quarkus by itself says so from the start.
 */
@Singleton
final class GrpcHealth {

    /** How long the answer may be behind. */
    private static final long LAG_MILLIS = 100;

    /** How long it may be behind while the process waits for its first model. */
    private static final long STARTING_LAG_MILLIS = 10;

    private final GrpcHealthStorage storage;
    private final Models models;
    private final Drain drain;
    private final Vertx vertx;

    GrpcHealth(GrpcHealthStorage storage, Models models, Drain drain, Vertx vertx) {
        this.storage = storage;
        this.models = models;
        this.drain = drain;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        update();
    }

    private void update() {
        boolean empty = models.all().isEmpty();
        vertx.setTimer(empty ? STARTING_LAG_MILLIS : LAG_MILLIS, _ -> update());
        ServingStatus now =
                empty || drain.isLeaving() ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
        for (String name : new String[] {"", EmbedderGrpc.SERVICE_NAME}) {
            if (storage.getStatuses().get(name) != now) {
                storage.setStatus(name, now);
            }
        }
    }
}
