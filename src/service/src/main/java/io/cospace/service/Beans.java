package io.cospace.service;

import io.cospace.service.config.ServiceConfig;
import io.cospace.service.config.Settings;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.embedding.Workers;
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
    EmbeddingService embedding(
            ServedModels models, Settings settings, Workers workers, EmbeddingListener listener) {
        return new EmbeddingService(models, settings.limits(), workers, listener);
    }

    @Produces
    @Singleton
    RestSettings rest(Settings settings, ApplicationConfig application) {
        return new RestSettings(application.version().orElse("unknown"), settings.maxBodyBytes());
    }
}
