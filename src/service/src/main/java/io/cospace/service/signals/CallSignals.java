package io.cospace.service.signals;

import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows every call on the port of the API, REST and gRPC, from its head to its end. */
@Singleton
final class CallSignals {

    /** Before every route that answers. */
    private static final int FIRST = -1_000_000;

    private final @Nullable AccessLog log;
    private final Traces traces;
    private final boolean listens;

    /**
     * @param telemetry not touched unless traces are asked for
     */
    CallSignals(SignalSettings settings, Instance<OpenTelemetry> telemetry) {
        this.log = settings.accessLog() ? open(settings.accessLogFile()) : null;
        this.traces = settings.traces() ? new StageSpans(telemetry.get()) : new Traces.Foreign();
        this.listens = settings.traces() || settings.accessLog();
    }

    private static AccessLog open(Optional<Path> file) {
        if (file.isEmpty()) {
            return AccessLog.toStandardOutput();
        }
        try {
            return AccessLog.toFile(file.get());
        } catch (IOException e) {
            throw new ConfigurationException(
                    "cospace.access-log.file is %s; cannot be written: %s"
                            .formatted(file.get(), e));
        }
    }

    void register(@Observes Router router) {
        if (listens) {
            router.route().order(FIRST).handler(this::follow);
        }
    }

    private void follow(RoutingContext http) {
        Followed call = new Followed(http.request(), traces.find(http.request()));
        CallTrail trail = new CallTrail(call);
        trail.attach(http);
        HttpServerResponse response = http.response();
        // Also called when the connection closes before the answer.
        response.endHandler(_ -> trail.end(!response.ended()));
        http.next();
    }

    @PreDestroy
    void close() {
        if (log != null) {
            log.close();
        }
    }

    /** One call, and what HTTP knows of it. */
    private final class Followed implements CallTrail.End {

        private final Instant time = Instant.now();
        private final long startNanos = System.nanoTime();
        private final HttpServerRequest request;
        private final Traces.Place place;

        Followed(HttpServerRequest request, Traces.Place place) {
            this.request = request;
            this.place = place;
        }

        @Override
        public void call(@Nullable String problem, boolean gone, CallRecord.Work work) {
            HttpServerResponse response = request.response();
            boolean grpc = isGrpc();
            int goneStatus = grpc ? CallRecord.GRPC_CANCELLED : CallRecord.HTTP_GONE;
            int status = grpc ? grpcStatus(response) : response.getStatusCode();
            CallRecord record =
                    new CallRecord(
                            time,
                            grpc ? "grpc" : protocol(request.version()),
                            request.method().name(),
                            String.valueOf(request.path()),
                            String.valueOf(request.remoteAddress().hostAddress()),
                            place.traceId(),
                            gone ? goneStatus : status,
                            problem,
                            request.bytesRead(),
                            response.bytesWritten(),
                            System.nanoTime() - startNanos,
                            work);
            if (log != null) {
                log.add(record);
            }
            place.end(record);
        }

        private boolean isGrpc() {
            String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
            return type != null && type.startsWith("application/grpc");
        }
    }

    /** In the trailers, or in the head of an answer that is nothing but a status. */
    private static int grpcStatus(HttpServerResponse response) {
        String head = response.headers().get("grpc-status");
        String status = head == null ? response.trailers().get("grpc-status") : head;
        return status != null && status.matches("[0-9]{1,2}") ? Integer.parseInt(status) : -1;
    }

    private static String protocol(HttpVersion version) {
        return version.alpnName();
    }
}
