package io.cospace.service;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.error.EncoderException;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.config.Settings;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.ModelOpening;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.metrics.EmbeddingMetrics;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Opens the bundle when the process starts and closes it when the process ends. The opening has a
 * thread of its own, so that probes are answered while a large bundle is verified; one that fails
 * ends the process with its message and exit code 1.
 */
@Singleton
final class ModelLifecycle {

    private static final System.Logger LOG = System.getLogger(ModelLifecycle.class.getName());

    private final Settings settings;
    private final ServedModels models;
    private final Dispatchers dispatchers;
    private final EmbeddingMetrics metrics;
    private @Nullable Thread opening;
    private volatile @Nullable Encoder encoder;

    ModelLifecycle(
            Settings settings,
            ServedModels models,
            Dispatchers dispatchers,
            EmbeddingMetrics metrics) {
        this.settings = settings;
        this.models = models;
        this.dispatchers = dispatchers;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Path folder = ModelLocation.find(settings.model(), settings.models());
        opening = Thread.ofPlatform().name("cospace-open").start(() -> open(folder));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (opening != null) {
            opening.join();
        }
        dispatchers.close();
        Encoder open = encoder;
        if (open != null) {
            open.close();
        }
    }

    private void open(Path folder) {
        try {
            Encoder opened = Encoder.open(folder, settings.encoder());
            encoder = opened;
            Model model = ModelOpening.open(opened, dispatchers, settings.plan());
            metrics.serves(model);
            models.serve(model);
            LOG.log(Level.INFO, "serving {0} from {1}", model.id(), folder.toAbsolutePath());
        } catch (EncoderException e) {
            LOG.log(
                    Level.ERROR,
                    "the bundle {0} cannot be served: {1}",
                    folder.toAbsolutePath(),
                    e.getMessage());
            Quarkus.asyncExit(1);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the bundle " + folder + " cannot be served", e);
            Quarkus.asyncExit(1);
        }
    }
}
