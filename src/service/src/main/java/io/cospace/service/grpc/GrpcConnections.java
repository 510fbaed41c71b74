package io.cospace.service.grpc;

import io.vertx.core.http.HttpConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections that have carried a call, gRPC or not, and when their clients are sent
 * away: when they have become too old, and when the process ends. Thread-safe.
 *
 * <p>An age is looked at when a call comes, not by a timer: a connection without calls takes part
 * in no balancing, and one that carries a single long stream has nothing to take elsewhere.
 */
@Singleton
public final class GrpcConnections {

    /** Connections that opened together, after a roll-out say, do not come back together. */
    private static final double JITTER = 0.1;

    /**
     * When each is too old, null: never, or it was told already. Weak: the one close handler that a
     * connection has belongs to the server.
     */
    private final Map<HttpConnection, @Nullable Long> known = new WeakHashMap<>();

    private final ConnectionAge age;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;

    private @Nullable Duration shutdown;

    @Inject
    GrpcConnections(ConnectionAge age) {
        this(age, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * As injected, with a clock.
     *
     * @param nanoTime as {@link System#nanoTime}
     * @param random 0 .. 1, for the jitter
     */
    GrpcConnections(ConnectionAge age, LongSupplier nanoTime, DoubleSupplier random) {
        this.age = age;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Takes note of the connection of a call, and sends its client away when it is time to. */
    void add(HttpConnection connection) {
        Duration timeout;
        synchronized (known) {
            timeout = timeout(connection);
        }
        if (timeout != null) {
            CompletableFuture<Void> _ = sendAway(connection, timeout);
        }
    }

    /** How long a connection that has to go may still take; null: it may stay, or was told. */
    private @Nullable Duration timeout(HttpConnection connection) {
        long now = nanoTime.getAsLong();
        if (!known.containsKey(connection)) {
            known.put(connection, age.isLimited() ? Long.valueOf(now + nanos()) : null);
            return shutdown;
        }
        Long due = known.get(connection);
        if (due == null || now - due < 0) {
            return null;
        }
        known.put(connection, null);
        return age.grace();
    }

    private long nanos() {
        double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
        return (long) (age.most().toNanos() * factor);
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
            open = List.copyOf(known.keySet());
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
