package io.cospace.service.grpc;

import io.vertx.core.http.HttpConnection;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HTTP/2 connections that have carried a call, gRPC or not. Thread-safe. */
@Singleton
public final class GrpcConnections {

    /** Weak: the one close handler that a connection has belongs to the server. */
    private final Set<HttpConnection> known = Collections.newSetFromMap(new WeakHashMap<>());

    private @Nullable Duration shutdown;

    /** Takes note of the connection of a call. */
    void add(HttpConnection connection) {
        Duration timeout;
        synchronized (known) {
            timeout = known.add(connection) ? shutdown : null;
        }
        if (timeout != null) {
            CompletableFuture<Void> _ = sendAway(connection, timeout);
        }
    }

    /**
     * Tells every client to take its further calls elsewhere (GOAWAY). A connection is closed when
     * its calls have ended, or at the timeout; one that comes later is told at its first call.
     *
     * @return ends when all that were open now are closed
     */
    public CompletableFuture<?> shutdown(Duration timeout) {
        List<HttpConnection> open;
        synchronized (known) {
            shutdown = timeout;
            open = List.copyOf(known);
        }
        return CompletableFuture.allOf(
                open.stream()
                        .map(connection -> sendAway(connection, timeout))
                        .toArray(CompletableFuture[]::new));
    }

    private static CompletableFuture<Void> sendAway(HttpConnection connection, Duration timeout) {
        return connection
                .shutdown(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
                .toCompletionStage()
                .toCompletableFuture();
    }
}
