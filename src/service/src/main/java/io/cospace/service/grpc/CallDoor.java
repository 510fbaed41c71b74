package io.cospace.service.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.cospace.service.admission.Timeouts;
import io.cospace.service.admission.Urgency;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.Workers;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What every call passes: a place among the calls, its time, and the limits of its messages. */
final class CallDoor {

    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(10);

    private final Workers workers;
    private final Limits limits;

    CallDoor(Workers workers, Limits limits) {
        this.workers = workers;
        this.limits = limits;
    }

    /**
     * A call that was let in.
     *
     * @param startNanos when its head had come
     * @param timeout the time it has from then on
     * @param priority the class that it asks for
     */
    record Arrival(Exchange exchange, long startNanos, Duration timeout, Priority priority) {

        /** From now on, with the time that is left. */
        CallContext context() {
            long now = System.nanoTime();
            Duration left = timeout.minusNanos(now - startNanos);
            if (left.isNegative() || left.isZero()) {
                throw new ProblemException(new Problem.DeadlineExceeded(timeout));
            }
            return new CallContext(now, left, priority);
        }
    }

    Workers workers() {
        return workers;
    }

    Limits limits() {
        return limits;
    }

    /**
     * Lets a call in before any message is read; it is ended when its time is over, wherever it
     * then is.
     *
     * @throws ProblemException when it may not come in
     */
    Arrival open(Exchange exchange, Vertx vertx, Method method) {
        String encoding = exchange.call().header("grpc-encoding");
        if (encoding != null && !encoding.equals("identity") && !encoding.equals("gzip")) {
            throw Messages.invalid(
                    "", "grpc-encoding is '%s'; must be identity or gzip".formatted(encoding));
        }
        Duration named = timeout(exchange.call().header("grpc-timeout"));
        workers.enter();
        exchange.onEnd(workers::leave);
        Duration timeout = named == null ? limits.timeout() : named;
        if (method.hasDefaultTimeout() || named != null) {
            limitTime(exchange, vertx, timeout);
        }
        String urgency = exchange.call().header("priority");
        Priority priority =
                Optional.ofNullable(urgency)
                        .flatMap(Urgency::parse)
                        .orElse(method.defaultPriority());
        return new Arrival(exchange, System.nanoTime(), timeout, priority);
    }

    private static void limitTime(Exchange exchange, Vertx vertx, Duration timeout) {
        var over = new ProblemException(new Problem.DeadlineExceeded(timeout));
        long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), _ -> exchange.fail(over));
        exchange.onEnd(() -> vertx.cancelTimer(timer));
    }

    private static @Nullable Duration timeout(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            Duration named = Timeouts.ofGrpc(header);
            return named.compareTo(MOST_TIMEOUT) < 0 ? named : MOST_TIMEOUT;
        } catch (IllegalArgumentException e) {
            throw Messages.invalid("", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Unpacks and parses a message; on the workers.
     *
     * @throws ProblemException when it is larger than the limit, or no such message
     */
    <I> I parse(Parser<I> parser, Frame frame) {
        try {
            return parser.parseFrom(frame.compressed() ? unpack(frame.bytes()) : frame.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw Messages.invalid("", "is no such message: " + e.getMessage());
        } catch (IOException e) {
            throw Messages.invalid("", "cannot be unpacked: " + e.getMessage());
        }
    }

    private byte[] unpack(byte[] bytes) throws IOException {
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] unpacked = gzip.readNBytes(limits.bodyBytes() + 1);
            if (unpacked.length > limits.bodyBytes()) {
                throw new ProblemException(
                        new Problem.BodyTooLarge(limits.bodyBytes(), "the unpacked message"));
            }
            return unpacked;
        }
    }
}
