package io.cospace.service.grpc;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Permit;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.Workers;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.InfoRequest;
import io.cospace.service.grpc.v1.SimilarityRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code cospace.v1.Embedder} on Quarkus' own router. */
@Singleton
final class EmbedderRoute {

    /** Before Quarkus' gRPC server, which knows the service for reflection only. */
    private static final int FIRST = -1_000;

    private final EmbeddingListener listener;
    private final GrpcConnections connections;
    private final CallDoor door;
    private final Map<String, Method> methods;

    EmbedderRoute(
            EmbeddingService service,
            Admission admission,
            Models models,
            Workers workers,
            EmbeddingListener listener,
            GrpcConnections connections,
            GrpcSettings settings) {
        this.listener = listener;
        this.connections = connections;
        Limits limits = service.limits();
        this.door = new CallDoor(admission, workers, limits);
        int mostOfSide = limits.storedVectors() + limits.inputs();
        this.methods =
                Map.of(
                        "Embed",
                        new UnaryMethod<>(
                                door,
                                io.cospace.service.grpc.v1.EmbedRequest.parser(),
                                (message, permit, call) -> embed(service, message, permit, call)),
                        "EmbedStream",
                        new EmbedStream(door, service, models),
                        "Similarity",
                        new UnaryMethod<>(
                                door,
                                SimilarityRequest.parser(),
                                (message, permit, call) -> {
                                    var request = Messages.similarity(message, mostOfSide);
                                    permit.charge(request.computed());
                                    return service.similarity(request, call)
                                            .thenApply(Answers::similarity);
                                }),
                        "Info",
                        new UnaryMethod<>(
                                door,
                                InfoRequest.parser(),
                                (_, _, _) ->
                                        CompletableFuture.completedFuture(
                                                InfoAnswer.of(
                                                        models, limits, settings.version()))));
    }

    private static CompletableFuture<EmbedResponse> embed(
            EmbeddingService service,
            io.cospace.service.grpc.v1.EmbedRequest message,
            Permit permit,
            CallContext call) {
        EmbedRequest request = Messages.embed(message, service.limits().inputs());
        permit.charge(request.inputs().size());
        return service.embed(request, call)
                .thenApply(result -> Answers.embed(result, request.types()));
    }

    void register(@Observes Router router) {
        router.route().order(FIRST).handler(this::note);
        router.route("/" + EmbedderGrpc.SERVICE_NAME + "/:method")
                .order(FIRST)
                .handler(this::handle);
    }

    /** Takes note of the connection of every call, so that a drain can send its client away. */
    private void note(RoutingContext http) {
        if (http.request().version() == HttpVersion.HTTP_2) {
            connections.add(http.request().connection());
        }
        http.next();
    }

    private void handle(RoutingContext http) {
        Method method = methods.get(http.pathParam("method"));
        if (method == null || !isGrpc(http.request())) {
            http.next();
            return;
        }
        WireCall call = new WireCall(http.request(), door.limits().bodyBytes());
        String path = String.valueOf(http.request().path());
        Exchange exchange = new Exchange(path, call, http.vertx().getOrCreateContext(), listener);
        try {
            method.start(door.open(exchange, http.vertx(), method));
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private static boolean isGrpc(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String known = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return request.version() == HttpVersion.HTTP_2
                && request.method().equals(HttpMethod.POST)
                && (known.equals("application/grpc") || known.equals("application/grpc+proto"));
    }
}
