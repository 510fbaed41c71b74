package io.cospace.service.rest;

import io.cospace.service.admission.Permit;
import io.cospace.service.admission.RateLimitHeaders;
import io.cospace.service.admission.Refusal;
import io.cospace.service.admission.RefusalException;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.Refusals;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.outflow.Outflow;
import io.cospace.service.signals.CallTrail;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one answer. The answer may be given by any thread; it is written on the
 * request's event loop. When it is, or when the client has gone, {@code onEnd} runs.
 */
final class Exchange {

    /** Name, in metrics and the access log, of what ends an answer that is not read. */
    private static final String STALLED = "client-stalled";

    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    /** How long a client may take to close a connection that it was told to close. */
    private static final long LINGER_MILLIS = 2_000;

    private final RoutingContext http;
    private final long answerPauseMillis;
    private final Context context;
    private final AtomicBoolean answered = new AtomicBoolean();

    /** Of an answer that is being written piece by piece: what to run at its end. */
    private final AtomicReference<@Nullable Runnable> open = new AtomicReference<>();

    private final EmbeddingListener listener;
    private final Runnable onEnd;
    private @Nullable Outflow stream;
    private final CallTrail trail;
    private volatile @Nullable CallContext call;
    private volatile @Nullable Permit permit;

    /**
     * Made on the event loop of the request.
     *
     * @param answerPauseMillis longest time in which a client takes nothing of an answer that is
     *     given as a whole
     */
    Exchange(
            RoutingContext http,
            long answerPauseMillis,
            EmbeddingListener listener,
            Runnable onEnd) {
        this.http = http;
        this.answerPauseMillis = answerPauseMillis;
        this.listener = listener;
        this.context = http.vertx().getOrCreateContext();
        this.onEnd = onEnd;
        this.trail = CallTrail.of(http);
        http.response().closeHandler(_ -> gone());
    }

    RoutingContext http() {
        return http;
    }

    /** Takes what becomes known of the call. */
    CallTrail trail() {
        return trail;
    }

    /** Names the permit whose limits the answer tells. */
    void show(Permit permit) {
        this.permit = permit;
        trail.caller(permit.caller());
    }

    /** Names the call that ends when the client goes. */
    void begin(CallContext call) {
        this.call = call;
        if (answered.get()) {
            call.cancel();
        }
    }

    /**
     * Answers with 200.
     *
     * @param encodeNanos time that making {@code reply} took
     */
    void answer(Reply reply, StageTimes times, long encodeNanos) {
        if (answered.compareAndSet(false, true)) {
            listener.encoded(encodeNanos);
            CallContext current = call;
            if (current != null) {
                long encodeFrom = System.nanoTime() - encodeNanos;
                trail.stages(current.startNanos(), times, encodeFrom, encodeNanos);
            }
            context.runOnContext(_ -> {
                HttpServerResponse response = http.response();
                if (!response.closed()) {
                    response.putHeader("Server-Timing", ServerTiming.of(times, encodeNanos));
                    reply.headers().forEach(response::putHeader);
                }
                send(response, 200, reply.type(), reply.bytes(), false);
            });
        }
    }

    /** Answers with what was thrown. */
    void fail(Throwable thrown) {
        if (cause(thrown) instanceof CancellationException) {
            gone();
        } else {
            fail(problem(thrown));
        }
    }

    /** What a caller is told of what was thrown; what nobody knows is logged. */
    HttpProblem problem(Throwable thrown) {
        Throwable cause = cause(thrown);
        return switch (cause) {
            case ProblemException problem -> HttpProblem.of(problem);
            case RefusalException refused -> HttpProblem.of(Refusals.problem(refused));
            case HttpException malformed when malformed.getStatusCode() == 400 ->
                    HttpProblem.MALFORMED;
            default -> {
                LOG.log(Level.ERROR, "a call to " + http.request().path() + " failed", cause);
                yield HttpProblem.of(
                        ProblemType.INTERNAL_ERROR,
                        "the call failed in a way that the service does not know; its log says"
                                + " why");
            }
        };
    }

    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Answers a call that the door turned away, or that asks for more than its key may. */
    void refuse(RefusalException thrown) {
        if (thrown.refusal() instanceof Refusal.RateLimited limited) {
            rateLimit(limited.headers());
        }
        fail(HttpProblem.of(Refusals.problem(thrown)));
    }

    void fail(HttpProblem problem) {
        if (answered.compareAndSet(false, true)) {
            listener.rejected(problem.type().wireName());
            trail.problem(problem.type().wireName());
            ErrorForm form = ErrorForm.of(http.request().path());
            byte[] json = form.body(problem);
            context.runOnContext(_ -> {
                HttpServerResponse response = http.response();
                String retryAfter = problem.retryAfterSeconds();
                if (retryAfter != null && !response.closed()) {
                    response.putHeader("Retry-After", retryAfter);
                }
                if (problem.type() == ProblemType.UNAUTHORIZED && !response.closed()) {
                    response.putHeader("WWW-Authenticate", "Bearer");
                }
                boolean last = problem.type() == ProblemType.DRAINING;
                send(response, problem.type().status(), form.contentType(), json, last);
            });
        }
    }

    private void send(
            HttpServerResponse response, int status, String type, byte[] body, boolean last) {
        if (!response.closed() && !response.ended()) {
            Permit shown = permit;
            Runnable delivered = () -> {};
            if (shown != null) {
                rateLimit(shown.headers());
                delivered = shown.delivering();
            }
            if (last || (shown != null && shown.isDraining())) {
                closeConnection();
            }
            response.setStatusCode(status).putHeader("Content-Type", type);
            Runnable written = delivered;
            Outflow out = outflow(answerPauseMillis);
            out.end(Buffer.buffer(body));
            out.whenTaken(written);
        }
        onEnd.run();
    }

    /**
     * Tells an HTTP/1 client to send its next call elsewhere. It closes the connection itself when
     * it has read the answer; if we did while the body of a refused call still came, the answer
     * might be lost on the way. HTTP/2 clients are told by GOAWAY.
     */
    private void closeConnection() {
        HttpServerRequest request = http.request();
        if (request.version() != HttpVersion.HTTP_2 && !http.response().closed()) {
            http.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            http.vertx().setTimer(LINGER_MILLIS, _ -> request.connection().close());
        }
    }

    private void rateLimit(RateLimitHeaders limits) {
        if (!limits.isEmpty()) {
            http.response()
                    .putHeader("RateLimit-Policy", limits.policy())
                    .putHeader("RateLimit", limits.state());
        }
    }

    /** The client closed its connection or stream; after an answer that is as it should be. */
    void gone() {
        if (answered.compareAndSet(false, true)) {
            CallContext current = call;
            if (current != null) {
                current.cancel();
            }
            trail.gone();
            onEnd.run();
        } else {
            boolean _ = closed();
        }
    }

    // ---- answers that are written piece by piece

    /**
     * Begins an answer with 200 of which the caller writes the body, until {@link #close}.
     *
     * @param pauseMillis longest time in which the client takes nothing of it
     * @param onClosed run when it has ended, in whatever way
     * @return what the body is written to; null: the call is over already
     */
    @Nullable Outflow open(
            String type, Map<String, String> headers, long pauseMillis, Runnable onClosed) {
        HttpServerResponse response = http.response();
        if (response.closed() || !answered.compareAndSet(false, true)) {
            return null;
        }
        open.set(onClosed);
        response.exceptionHandler(_ -> gone());
        Permit shown = permit;
        if (shown != null) {
            rateLimit(shown.headers());
        }
        response.setStatusCode(200).setChunked(true).putHeader("Content-Type", type);
        headers.forEach(response::putHeader);
        Outflow out = outflow(pauseMillis);
        stream = out;
        return out;
    }

    /** Whether an answer was begun and has not ended. */
    boolean isOpen() {
        return open.get() != null;
    }

    /** Ends the answer that was begun. */
    void close() {
        HttpServerResponse response = http.response();
        Permit shown = permit;
        Runnable delivered = shown == null ? () -> {} : shown.delivering();
        Outflow out = stream;
        if (closed() && !response.closed() && out != null) {
            out.end();
            out.whenTaken(delivered);
        } else {
            delivered.run();
        }
    }

    private Outflow outflow(long pauseMillis) {
        return new Outflow(http.request(), http.vertx(), pauseMillis, this::stalled);
    }

    /** The client does not read its answer, and is cut off. */
    private void stalled() {
        LOG.log(Level.DEBUG, "a client of {0} does not read its answer", http.request().path());
        listener.rejected(STALLED);
        trail.stalled();
        gone();
    }

    /** Counts a problem that an answer tells in its body. */
    void rejected(HttpProblem problem) {
        listener.rejected(problem.type().wireName());
    }

    /** Runs an action on the event loop of the request. */
    void onLoop(Runnable action) {
        context.runOnContext(_ -> action.run());
    }

    private boolean closed() {
        Runnable onClosed = open.getAndSet(null);
        if (onClosed == null) {
            return false;
        }
        onClosed.run();
        onEnd.run();
        return true;
    }
}
