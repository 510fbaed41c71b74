package io.cospace.service;

import io.cospace.service.batching.Dispatchers;
import io.cospace.service.config.ServiceConfig;
import io.cospace.service.config.Settings;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.embedding.Workers;
import io.cospace.service.grpc.GrpcSettings;
import io.cospace.service.metrics.EmbeddingMetrics;
import io.cospace.service.rest.RestSettings;
import io.quarkus.runtime.ApplicationConfig;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts the parts of the service together; they themselves know no container. */
final class Beans {

    @Produces
    @Singleton
    Settings settings(ServiceConfig config) {
        return Settings.of(config);
    }

    @Produces
    @Singleton
    ServedModels models() {
        return new ServedModels();
    }

    @Produces
    @Singleton
    Workers workers(Settings settings) {
        return new Workers(settings.textThreads(), settings.imageThreads(), settings.maxCalls());
    }

    void stop(@Disposes Workers workers) {
        workers.close();
    }

    @Produces
    @Singleton
    Dispatchers dispatchers(Settings settings, EmbeddingMetrics metrics) {
        Dispatchers dispatchers = Dispatchers.start(settings.dispatchers(), metrics);
        metrics.watch(dispatchers::load);
        return dispatchers;
    }

    @Produces
    @Singleton
    EmbeddingService embedding(
            ServedModels models, Settings settings, Workers workers, EmbeddingMetrics metrics) {
        return new EmbeddingService(models, settings.limits(), workers, metrics);
    }

    @Produces
    @Singleton
    RestSettings rest(Settings settings, ApplicationConfig application) {
        return new RestSettings(application.version().orElse("unknown"), settings.maxBodyBytes());
    }

    @Produces
    @Singleton
    GrpcSettings grpc(ApplicationConfig application) {
        return new GrpcSettings(application.version().orElse("unknown"));
    }
}
