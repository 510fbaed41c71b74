package io.cospace.service;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Drain;
import io.cospace.service.admission.KeyRing;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.config.ServiceConfig;
import io.cospace.service.config.Settings;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.ModelHost;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.embedding.UrlImages;
import io.cospace.service.embedding.Workers;
import io.cospace.service.fetch.Fetching;
import io.cospace.service.grpc.ConnectionAge;
import io.cospace.service.grpc.GrpcConnections;
import io.cospace.service.grpc.GrpcSettings;
import io.cospace.service.metrics.EmbeddingMetrics;
import io.cospace.service.rest.RestSettings;
import io.cospace.service.signals.SignalSettings;
import io.quarkus.runtime.ApplicationConfig;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Puts the parts of the service together; they themselves know no container. */
final class Beans {

    private static final System.Logger LOG = System.getLogger(Beans.class.getName());

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
    ModelHost host(
            Settings settings,
            Dispatchers dispatchers,
            ServedModels models,
            EmbeddingMetrics metrics) {
        return new ModelHost(
                settings.models(),
                settings.encoder(),
                settings.plan(),
                dispatchers,
                models,
                metrics);
    }

    @Produces
    @Singleton
    Workers workers(Settings settings) {
        return new Workers(
                settings.textThreads(),
                settings.imageThreads(),
                settings.maxCalls(),
                settings.dispatchers().niceness());
    }

    void stop(@Disposes Workers workers) {
        workers.close();
    }

    @Produces
    @Singleton
    Dispatchers dispatchers(Settings settings, EmbeddingMetrics metrics) {
        Dispatchers dispatchers = Dispatchers.start(settings.dispatchers(), metrics);
        metrics.watch(dispatchers::load, () -> dispatchers.stuck().isPresent());
        return dispatchers;
    }

    @Produces
    @Singleton
    UrlImages urls(Settings settings, Fetching fetching) {
        return settings.fetch()
                .map(fetch -> fetching.open(fetch, settings.fetchedAtOnce()))
                .orElse(UrlImages.NONE);
    }

    @Produces
    @Singleton
    EmbeddingService embedding(
            ServedModels models,
            Settings settings,
            Workers workers,
            UrlImages urls,
            EmbeddingMetrics metrics) {
        return new EmbeddingService(models, settings.limits(), workers, urls, metrics);
    }

    @Produces
    @Singleton
    RestSettings rest(Settings settings) {
        return new RestSettings(
                settings.maxBodyBytes(),
                settings.bodyPause().toMillis(),
                settings.linePause().toMillis(),
                settings.answerPause().toMillis());
    }

    @Produces
    @Singleton
    GrpcSettings grpc(Settings settings) {
        return new GrpcSettings(settings.answerPause().toMillis(), settings.linePause().toMillis());
    }

    @Produces
    @Singleton
    ServiceInfo info(Settings settings, ApplicationConfig application) {
        return new ServiceInfo(application.version().orElse("unknown"), settings.published());
    }

    @Produces
    @Singleton
    ConnectionAge connections(Settings settings) {
        return settings.connections();
    }

    @Produces
    @Singleton
    SignalSettings signals(Settings settings) {
        return settings.signals();
    }

    @Produces
    @Singleton
    Admission admission(Settings settings, Dispatchers dispatchers, Workers workers) {
        Optional<KeyRing> keys = settings.keys().map(KeyRing::open);
        keys.ifPresent(ring -> {
            LOG.log(Level.INFO, "{0} API keys are in use", ring.size());
            ring.watch(settings.keysReload(), report -> LOG.log(Level.WARNING, report));
        });
        return new Admission(
                settings.admission(),
                keys,
                priority -> dispatchers.predictedWait(priority).plus(workers.predictedDecoding()),
                (caller, refusal) ->
                        LOG.log(
                                Level.DEBUG,
                                "refused a call of {0}: {1}",
                                caller,
                                refusal.reason()));
    }

    @Produces
    @Singleton
    Drain drain(
            Settings settings,
            Admission admission,
            Dispatchers dispatchers,
            GrpcConnections connections) {
        return new Drain(settings.drain(), admission, dispatchers, connections::shutdown);
    }
}
