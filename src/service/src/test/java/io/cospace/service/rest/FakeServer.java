package io.cospace.service.rest;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.embedding.Tower;
import io.cospace.service.embedding.UrlImages;
import io.cospace.service.embedding.Workers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The routes on a plain HTTP server, in front of a model without a network. */
final class FakeServer implements AutoCloseable {

    static final int IMAGE_THREADS = 2;

    private final Vertx vertx = Vertx.vertx();
    private final Workers workers = new Workers(2, IMAGE_THREADS, 64, 0);
    private final HttpServer server;

    private FakeServer(ServedModels models) {
        this(models, Doors.open());
    }

    private FakeServer(ServedModels models, Admission admission) {
        this(models, admission, settings(30_000, 60_000));
    }

    private FakeServer(ServedModels models, Admission admission, RestSettings settings) {
        this(models, admission, settings, UrlImages.NONE, EmbeddingListener.NONE);
    }

    private FakeServer(
            ServedModels models,
            Admission admission,
            RestSettings settings,
            UrlImages urls,
            EmbeddingListener listener) {
        Router router = Router.router(vertx);
        var service = new EmbeddingService(models, Limits.defaults(), workers, urls, listener);
        new ApiRoutes(
                        service,
                        admission,
                        models,
                        workers,
                        listener,
                        settings,
                        new ServiceInfo("test", Limits.defaults().published()))
                .register(router);
        try {
            server =
                    vertx.createHttpServer()
                            .requestHandler(router)
                            .listen(0, "127.0.0.1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("no server", e);
        }
    }

    /** Serves the model that answers at once. */
    static FakeServer start() {
        ServedModels models = new ServedModels();
        models.serve(FakeModel.direct());
        return new FakeServer(models);
    }

    /** Serves a model of the test's own. */
    static FakeServer of(Model model, EmbeddingListener listener) {
        ServedModels models = new ServedModels();
        models.serve(model);
        return new FakeServer(
                models, Doors.open(), settings(30_000, 60_000), UrlImages.NONE, listener);
    }

    /** Serves the model that answers at once, behind a door. */
    static FakeServer behind(Admission admission) {
        ServedModels models = new ServedModels();
        models.serve(FakeModel.direct());
        return new FakeServer(models, admission);
    }

    /** Serves the model that answers at once, to clients that may pause for so long. */
    static FakeServer impatient(long pauseMillis) {
        ServedModels models = new ServedModels();
        models.serve(FakeModel.direct());
        return new FakeServer(models, Doors.open(), settings(pauseMillis, pauseMillis));
    }

    /** Serves the model that answers at once, with images by URL. */
    static FakeServer fetching(UrlImages urls) {
        ServedModels models = new ServedModels();
        models.serve(FakeModel.direct());
        return new FakeServer(
                models, Doors.open(), settings(30_000, 60_000), urls, EmbeddingListener.NONE);
    }

    /** Serves the model that answers at once, to clients that must read within so long. */
    static FakeServer cuttingOff(long pauseMillis, EmbeddingListener listener) {
        ServedModels models = new ServedModels();
        models.serve(FakeModel.direct());
        var settings = new RestSettings(256 << 20, 30_000, pauseMillis, pauseMillis);
        return new FakeServer(models, Doors.open(), settings, UrlImages.NONE, listener);
    }

    /** Serves nothing yet. */
    static FakeServer withoutModel() {
        return new FakeServer(new ServedModels());
    }

    /** Serves a model whose text tower answers each row with {@code run}. */
    static FakeServer withTower(Supplier<CompletableFuture<Tower.Run>> run) {
        ServedModels models = new ServedModels();
        models.serve(
                FakeModel.withTowers(
                        new FakeModel.Texts(),
                        (rows, _) -> rows.stream().map(_ -> run.get()).toList(),
                        (_, _) -> List.of()));
        return new FakeServer(models);
    }

    private static RestSettings settings(long bodyPauseMillis, long linePauseMillis) {
        return new RestSettings(256 << 20, bodyPauseMillis, linePauseMillis, 30_000);
    }

    int port() {
        return server.actualPort();
    }

    ApiClient client() {
        return new ApiClient("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        workers.close();
    }
}
