package io.cospace.service.grpc;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.ServedModels;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.embedding.UrlImages;
import io.cospace.service.embedding.Workers;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The gRPC route on a plain HTTP server, in front of a model without a network. */
final class FakeGrpcServer implements AutoCloseable {

    static final String HOST = "127.0.0.1";
    static final int IMAGE_THREADS = 2;

    final FakeTower tower = new FakeTower();
    final GrpcConnections connections;
    final Vertx vertx = Vertx.vertx();
    private final Workers workers = new Workers(2, IMAGE_THREADS, 64, 0);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final HttpServer server;

    FakeGrpcServer() throws Exception {
        this(Doors.open());
    }

    FakeGrpcServer(Admission admission) throws Exception {
        this(admission, new GrpcConnections(ConnectionAge.ANY));
    }

    FakeGrpcServer(Admission admission, GrpcConnections connections) throws Exception {
        this(admission, connections, UrlImages.NONE, GrpcSettings.DEFAULTS, EmbeddingListener.NONE);
    }

    /** Cuts off clients that read nothing for so long. */
    FakeGrpcServer(long pauseMillis, EmbeddingListener listener) throws Exception {
        this(
                Doors.open(),
                new GrpcConnections(ConnectionAge.ANY),
                UrlImages.NONE,
                new GrpcSettings(pauseMillis, pauseMillis),
                listener);
    }

    /** Serves a model of the test's own, and not {@link #tower}. */
    FakeGrpcServer(Model model, EmbeddingListener listener) throws Exception {
        this(
                model,
                Doors.open(),
                new GrpcConnections(ConnectionAge.ANY),
                UrlImages.NONE,
                GrpcSettings.DEFAULTS,
                listener);
    }

    /** Gets images by URL from there. */
    FakeGrpcServer(UrlImages urls) throws Exception {
        this(
                Doors.open(),
                new GrpcConnections(ConnectionAge.ANY),
                urls,
                GrpcSettings.DEFAULTS,
                EmbeddingListener.NONE);
    }

    private FakeGrpcServer(
            Admission admission,
            GrpcConnections connections,
            UrlImages urls,
            GrpcSettings settings,
            EmbeddingListener listener)
            throws Exception {
        this(null, admission, connections, urls, settings, listener);
    }

    /**
     * @param model null: one whose text tower is {@link #tower}
     */
    private FakeGrpcServer(
            @Nullable Model model,
            Admission admission,
            GrpcConnections connections,
            UrlImages urls,
            GrpcSettings settings,
            EmbeddingListener listener)
            throws Exception {
        this.connections = connections;
        ServedModels models = new ServedModels();
        models.serve(
                model != null
                        ? model
                        : FakeModel.withTowers(
                                new FakeModel.Texts(), tower, FakeModel.direct().images()));
        var service = new EmbeddingService(models, Limits.defaults(), workers, urls, listener);
        Router router = Router.router(vertx);
        new EmbedderRoute(
                        service,
                        admission,
                        models,
                        workers,
                        listener,
                        connections,
                        settings,
                        new ServiceInfo("test", Limits.defaults().published()))
                .register(router);
        server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, HOST)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
    }

    /** A channel with a connection of its own. */
    ManagedChannel channel() {
        return channelWithWindow(1 << 20);
    }

    /** A channel that takes so many bytes of each stream before its caller reads. */
    ManagedChannel channelWithWindow(int bytes) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(HOST, port())
                        .usePlaintext()
                        .flowControlWindow(bytes)
                        .maxInboundMessageSize(64 << 20)
                        .build();
        channels.add(channel);
        return channel;
    }

    /** Waits up to 30 s. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (!condition.getAsBoolean()) {
            throw new AssertionError("did not happen within 30 s");
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        workers.close();
    }
}
