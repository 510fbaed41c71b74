package io.cospace.service.grpc;

import com.google.protobuf.MessageLite;
import io.cospace.service.admission.Admission;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.Workers;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.InfoRequest;
import io.cospace.service.grpc.v1.SimilarityRequest;
import io.cospace.service.signals.CallTrail;
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
import java.util.function.Supplier;

/** {@code cospace.v1.Embedder} on Quarkus' own router. */
@Singleton
final class EmbedderRoute {

    /** Before Quarkus' gRPC server, which knows the service for reflection only. */
    private static final int FIRST = -1_000;

    private final EmbeddingService service;
    private final EmbeddingListener listener;
    private final GrpcConnections connections;
    private final GrpcSettings settings;
    private final CallDoor door;
    private final Map<String, Method> methods;

    EmbedderRoute(
            EmbeddingService service,
            Admission admission,
            Models models,
            Workers workers,
            EmbeddingListener listener,
            GrpcConnections connections,
            GrpcSettings settings,
            ServiceInfo info) {
        this.service = service;
        this.listener = listener;
        this.connections = connections;
        this.settings = settings;
        Limits limits = service.limits();
        this.door = new CallDoor(admission, workers, limits);
        this.methods =
                Map.of(
                        "Embed",
                        new UnaryMethod<>(
                                door,
                                io.cospace.service.grpc.v1.EmbedRequest.parser(),
                                this::embed),
                        "EmbedStream",
                        new EmbedStream(door, service, models),
                        "Similarity",
                        new UnaryMethod<>(door, SimilarityRequest.parser(), this::similarity),
                        "Info",
                        new UnaryMethod<>(
                                door,
                                InfoRequest.parser(),
                                (_, _, _) ->
                                        CompletableFuture.completedFuture(
                                                InfoAnswer.of(models, info).toByteArray())));
    }

    private CompletableFuture<byte[]> embed(
            io.cospace.service.grpc.v1.EmbedRequest message,
            CallDoor.Arrival arrival,
            CallContext call) {
        EmbedRequest request = Messages.embed(message, service.limits().inputs());
        charge(arrival, request.inputs().size());
        return service.embed(request, call)
                .thenApply(result -> {
                    CallTrail trail = arrival.exchange().trail();
                    trail.answered(result);
                    var encoding = new Encoding(call, result.times(), trail);
                    return encoding.of(() -> Answers.embed(result, request.types()));
                });
    }

    private CompletableFuture<byte[]> similarity(
            SimilarityRequest message, CallDoor.Arrival arrival, CallContext call) {
        Limits limits = service.limits();
        var request = Messages.similarity(message, limits.storedVectors() + limits.inputs());
        charge(arrival, request.computed());
        return service.similarity(request, call)
                .thenApply(result -> {
                    CallTrail trail = arrival.exchange().trail();
                    trail.answered(result);
                    var encoding = new Encoding(call, result.times(), trail);
                    return encoding.of(() -> Answers.similarity(result));
                });
    }

    private static void charge(CallDoor.Arrival arrival, int items) {
        arrival.exchange().trail().asked(items);
        arrival.permit().charge(items);
    }

    /** The last stage of a call. */
    private final class Encoding {

        private final CallContext call;
        private final StageTimes times;
        private final CallTrail trail;

        Encoding(CallContext call, StageTimes times, CallTrail trail) {
            this.call = call;
            this.times = times;
            this.trail = trail;
        }

        byte[] of(Supplier<? extends MessageLite> message) {
            long from = System.nanoTime();
            byte[] bytes = message.get().toByteArray();
            long nanos = System.nanoTime() - from;
            listener.encoded(nanos);
            trail.stages(call.startNanos(), times, from, nanos);
            return bytes;
        }
    }

    /** A route for each method, so that traces and meters of HTTP name it. */
    void register(@Observes Router router) {
        router.route().order(FIRST).handler(this::note);
        methods.forEach((name, method) ->
                router.route("/" + EmbedderGrpc.SERVICE_NAME + "/" + name)
                        .order(FIRST)
                        .handler(http -> handle(http, method)));
    }

    /** Takes note of the connection of every call, so that a drain can send its client away. */
    private void note(RoutingContext http) {
        if (http.request().version() == HttpVersion.HTTP_2) {
            connections.add(http.request().connection());
        }
        http.next();
    }

    private void handle(RoutingContext http, Method method) {
        if (!isGrpc(http.request())) {
            http.next();
            return;
        }
        long pause =
                method.hasDefaultTimeout()
                        ? settings.answerPauseMillis()
                        : settings.streamPauseMillis();
        WireCall call =
                new WireCall(http.request(), http.vertx(), door.limits().bodyBytes(), pause);
        String path = String.valueOf(http.request().path());
        Exchange exchange =
                new Exchange(
                        path,
                        call,
                        http.vertx().getOrCreateContext(),
                        listener,
                        CallTrail.of(http));
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
