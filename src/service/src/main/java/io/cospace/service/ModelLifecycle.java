package io.cospace.service;

import io.cospace.encoder.error.EncoderException;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.config.Settings;
import io.cospace.service.embedding.ModelHost;
import io.cospace.service.embedding.ModelStatus;
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
    private final ModelHost host;
    private final Dispatchers dispatchers;
    private @Nullable Thread opening;

    ModelLifecycle(Settings settings, ModelHost host, Dispatchers dispatchers) {
        this.settings = settings;
        this.host = host;
        this.dispatchers = dispatchers;
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
        host.close();
    }

    private void open(Path folder) {
        try {
            ModelStatus _ = host.open(folder);
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
