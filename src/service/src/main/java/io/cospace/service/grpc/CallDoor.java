package io.cospace.service.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Credentials;
import io.cospace.service.admission.Permit;
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

    private final Admission admission;
    private final Workers workers;
    private final Limits limits;

    CallDoor(Admission admission, Workers workers, Limits limits) {
        this.admission = admission;
        this.workers = workers;
        this.limits = limits;
    }

    /**
     * A call that was let in.
     *
     * @param startNanos when its head had come
     * @param permit what it may use
     */
    record Arrival(Exchange exchange, long startNanos, Permit permit) {

        /** From now on, with the time that is left. */
        CallContext context() {
            long now = System.nanoTime();
            Duration left = permit.timeout().minusNanos(now - startNanos);
            if (left.isNegative() || left.isZero()) {
                throw new ProblemException(new Problem.DeadlineExceeded(permit.timeout()));
            }
            return new CallContext(now, left, permit.priority());
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
     * @throws io.cospace.service.admission.RefusalException when its key may not, or not now
     */
    Arrival open(Exchange exchange, Vertx vertx, Method method) {
        String encoding = exchange.call().header("grpc-encoding");
        if (encoding != null && !encoding.equals("identity") && !encoding.equals("gzip")) {
            throw Messages.invalid(
                    "", "grpc-encoding is '%s'; must be identity or gzip".formatted(encoding));
        }
        Optional<Duration> named = timeout(exchange.call().header("grpc-timeout"));
        Permit permit = admission.enter(credentials(exchange), priority(exchange, method), named);
        exchange.onEnd(permit::close);
        exchange.trail().caller(permit.caller());
        workers.enter();
        exchange.onEnd(workers::leave);
        if (method.hasDefaultTimeout() || named.isPresent()) {
            limitTime(exchange, vertx, permit.timeout());
        }
        return new Arrival(exchange, System.nanoTime(), permit);
    }

    private static Credentials credentials(Exchange exchange) {
        return new Credentials(
                exchange.call().header("authorization"), exchange.call().header("x-api-key"));
    }

    private static Priority priority(Exchange exchange, Method method) {
        return Optional.ofNullable(exchange.call().header("priority"))
                .flatMap(Urgency::parse)
                .orElse(method.defaultPriority());
    }

    private static void limitTime(Exchange exchange, Vertx vertx, Duration timeout) {
        var over = new ProblemException(new Problem.DeadlineExceeded(timeout));
        long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), _ -> exchange.fail(over));
        exchange.onEnd(() -> vertx.cancelTimer(timer));
    }

    private static Optional<Duration> timeout(@Nullable String header) {
        try {
            return Optional.ofNullable(header).map(Timeouts::ofGrpc);
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
