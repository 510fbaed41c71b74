package io.cospace.service.embedding;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.error.EncoderException;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Lane;
import io.cospace.service.embedding.ServedModels.Retired;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens bundles beside each other, switches between them while calls come, and closes those that
 * nobody uses any more. Thread-safe; opening takes seconds or minutes, all else no time.
 */
public final class ModelHost implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ModelHost.class.getName());

    /** What still waits in a lane that no call uses was given up by its caller. */
    private static final Duration REST = Duration.ofSeconds(60);

    /** Told of models that begin and end to be open, for metrics. */
    public interface Listener {

        /** A model is about to be served. */
        void opened(Model model);

        /** A model is closed. */
        void closed(Model model);
    }

    private final Path models;
    private final EncoderSettings settings;
    private final ModelOpening.Plan plan;
    private final Dispatchers dispatchers;
    private final ServedModels served;
    private final Listener listener;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Path folderBeingOpened;

    /* Guarded by itself: all that is open, served or not. */
    private final Map<String, Open> open = new LinkedHashMap<>();

    private record Open(Path folder, ModelOpening.Opened parts, @Nullable Retired retired) {}

    /**
     * @param models folder that relative paths of an operator begin at
     */
    public ModelHost(
            Path models,
            EncoderSettings settings,
            ModelOpening.Plan plan,
            Dispatchers dispatchers,
            ServedModels served,
            Listener listener) {
        this.models = models;
        this.settings = settings;
        this.plan = plan;
        this.dispatchers = dispatchers;
        this.served = served;
        this.listener = listener;
    }

    /** The folder that an operator means: an absolute one, or one below that of all models. */
    public Path resolve(String path) {
        return models.resolve(path).toAbsolutePath().normalize();
    }

    /**
     * Opens a bundle with all its checks, runs its self-test, warms it up, and only then serves it:
     * as the default of its name where {@link ServedModels} says so.
     *
     * @throws EncoderException when the bundle, its device or one of its towers is not as it should
     *     be; what is served stays as it was
     * @throws ModelConflictException when it is open already, or another is being opened
     */
    public ModelStatus open(Path folder) {
        if (!opening.tryLock()) {
            throw new ModelConflictException(
                    "%s is being opened; one at a time".formatted(folderBeingOpened));
        }
        try {
            folderBeingOpened = folder;
            Encoder encoder = Encoder.open(folder, settings);
            ModelOpening.Opened parts = null;
            try {
                requireNew(encoder.bundle().manifest().id());
                parts = ModelOpening.open(encoder, dispatchers, plan);
            } finally {
                if (parts == null) {
                    encoder.close();
                }
            }
            return serve(folder, parts);
        } finally {
            folderBeingOpened = null;
            opening.unlock();
        }
    }

    private void requireNew(String id) {
        synchronized (open) {
            Open same = open.get(id);
            if (same != null) {
                throw new ModelConflictException(
                        "%s is open already, from %s".formatted(id, same.folder()));
            }
        }
    }

    private ModelStatus serve(Path folder, ModelOpening.Opened parts) {
        Model model = parts.model();
        synchronized (open) {
            open.put(model.id(), new Open(folder, parts, null));
        }
        listener.opened(model);
        served.add(model).forEach(this::closeUnused);
        ModelStatus status = status(model.id());
        LOG.log(
                Level.INFO,
                "serving {0} from {1} as {2}, space {3}",
                model.id(),
                folder.toAbsolutePath(),
                status.role(),
                model.space());
        Thread _ = Thread.ofPlatform().daemon().name("cospace-warm-up").start(parts.restOfWarmUp());
        return status;
    }

    /**
     * Makes a version the default of its name, whatever its space.
     *
     * @throws ProblemException when it is not served
     */
    public ModelStatus makeDefault(String id) {
        served.makeDefault(id).forEach(this::closeUnused);
        LOG.log(Level.INFO, "{0} is the default of its name", id);
        return status(id);
    }

    /**
     * Gives calls that name no model the default version of a name.
     *
     * @throws ProblemException when it is not served
     */
    public ModelStatus makeFirst(String name) {
        served.makeFirst(name);
        LOG.log(Level.INFO, "calls that name no model get {0}", name);
        return served.status().getFirst();
    }

    /**
     * Serves a version no longer, and closes it when its last call has ended.
     *
     * @throws ProblemException when it is not served
     * @throws ModelConflictException when it is the default of other versions, or of all calls
     */
    public ModelStatus retire(String id) {
        Retired retired = served.retire(id);
        closeUnused(retired);
        return new ModelStatus(retired.model(), ModelStatus.Role.RETIRED, retired.leases().open());
    }

    /** All that is open, the one that calls get which name nothing first. */
    public List<ModelStatus> status() {
        List<ModelStatus> all = new ArrayList<>(served.status());
        synchronized (open) {
            for (Open each : open.values()) {
                if (each.retired() != null) {
                    all.add(
                            new ModelStatus(
                                    each.parts().model(),
                                    ModelStatus.Role.RETIRED,
                                    each.retired().leases().open()));
                }
            }
        }
        return all;
    }

    private ModelStatus status(String id) {
        return served.status().stream()
                .filter(status -> status.model().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Where an open model was read from. */
    public Optional<Path> folder(Model model) {
        synchronized (open) {
            return Optional.ofNullable(open.get(model.id())).map(Open::folder);
        }
    }

    /** The folder that is being opened now. */
    public Optional<Path> folderBeingOpened() {
        return Optional.ofNullable(folderBeingOpened);
    }

    private void closeUnused(Retired retired) {
        String id = retired.model().id();
        synchronized (open) {
            Open kept = open.get(id);
            if (kept == null) {
                throw new IllegalStateException("This is a bug: " + id + " is served, not open");
            }
            open.put(id, new Open(kept.folder(), kept.parts(), retired));
        }
        CompletableFuture<?> _ =
                retired.unused()
                        .thenRunAsync(
                                () -> close(id),
                                action -> {
                                    Thread _ =
                                            Thread.ofPlatform()
                                                    .daemon()
                                                    .name("cospace-close")
                                                    .start(action);
                                });
    }

    private void close(String id) {
        Open closing;
        synchronized (open) {
            closing = open.get(id);
        }
        if (closing == null) {
            return; // the process ends, and has closed everything
        }
        try {
            for (Lane<?, ?> lane : closing.parts().lanes()) {
                boolean _ = lane.drain(REST);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            closing.parts().encoder().close();
            listener.closed(closing.parts().model());
            synchronized (open) {
                open.remove(id);
            }
            LOG.log(Level.INFO, "closed {0}", id);
        }
    }

    /** Closes all that is open; nothing may run any more. */
    @Override
    public void close() {
        List<Open> all;
        synchronized (open) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(each -> each.parts().encoder().close());
    }
}
