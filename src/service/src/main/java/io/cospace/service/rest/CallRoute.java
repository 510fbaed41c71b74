package io.cospace.service.rest;

import static java.util.Objects.requireNonNull;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Credentials;
import io.cospace.service.admission.Permit;
import io.cospace.service.admission.RefusalException;
import io.cospace.service.admission.Urgency;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.Workers;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The way of every call: what its head says is checked on the event loop, its body read there, and
 * the rest done by {@link Workers}.
 */
final class CallRoute implements Handler<RoutingContext> {

    private static final String TIMEOUT_HEADER = "X-Request-Timeout-Ms";
    private static final long MOST_TIMEOUT_MILLIS = 600_000;

    /** What a path does with a call. Runs on the workers; what it throws is the answer. */
    @FunctionalInterface
    interface Endpoint {
        void call(Arrival arrival, Exchange exchange);
    }

    /**
     * A call that has fully arrived.
     *
     * @param body plain, that is decompressed
     * @param startNanos {@link System#nanoTime} when it had arrived
     * @param permit what it may use
     * @param answerType form in which the answer is given
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Arrival(
            String contentType, byte[] body, long startNanos, Permit permit, String answerType) {}

    /**
     * What a path reads and writes.
     *
     * @param taken media types of bodies that it reads
     * @param given media types of answers, the usual one first
     * @param lines reads bodies of lines, which are answered in lines; null: the path has none
     */
    record Forms(List<String> taken, List<String> given, @Nullable LineService lines) {

        /** JSON in and out. */
        static final Forms JSON =
                new Forms(List.of(MediaTypes.JSON), List.of(MediaTypes.JSON), null);

        List<String> givenFor(@Nullable String contentType) {
            return isLines(contentType) ? List.of(MediaTypes.NDJSON) : given;
        }

        boolean isLines(@Nullable String contentType) {
            return lines != null
                    && contentType != null
                    && HeaderValue.bare(contentType).equals(MediaTypes.NDJSON);
        }
    }

    private final Forms forms;
    private final Endpoint endpoint;
    private final RestSettings settings;
    private final Admission admission;
    private final Limits limits;
    private final Workers workers;
    private final BodyMemory memory;
    private final EmbeddingListener listener;

    CallRoute(
            Forms forms,
            Endpoint endpoint,
            RestSettings settings,
            Admission admission,
            Limits limits,
            Workers workers,
            BodyMemory memory,
            EmbeddingListener listener) {
        this.forms = forms;
        this.endpoint = endpoint;
        this.settings = settings;
        this.admission = admission;
        this.limits = limits;
        this.workers = workers;
        this.memory = memory;
        this.listener = listener;
    }

    @Override
    public void handle(RoutingContext http) {
        Call call = new Call(http);
        HttpProblem fault = headFault(http.request());
        if (fault != null) {
            call.exchange.fail(fault);
            return;
        }
        try {
            call.enter();
            if (forms.isLines(http.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
                call.readLines();
            } else {
                call.reader.read(settings.bodyPauseMillis());
            }
        } catch (ProblemException e) {
            call.exchange.fail(e);
        } catch (RefusalException e) {
            call.exchange.refuse(e);
        }
    }

    private @Nullable HttpProblem headFault(HttpServerRequest request) {
        String fault =
                MediaTypes.fault(
                        request.getHeader(HttpHeaders.CONTENT_TYPE),
                        request.getHeader(HttpHeaders.CONTENT_ENCODING),
                        forms.taken());
        if (fault != null) {
            return HttpProblem.of(new Problem.UnsupportedMediaType(fault));
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        List<String> given = forms.givenFor(request.getHeader(HttpHeaders.CONTENT_TYPE));
        if (MediaTypes.chosen(accept, given) == null) {
            return HttpProblem.of(
                    ProblemType.NOT_ACCEPTABLE,
                    "Accept is '%s'; this path answers %s"
                            .formatted(accept, String.join(", ", given)));
        }
        String timeout = request.getHeader(TIMEOUT_HEADER);
        if (timeout != null && timeoutMillis(timeout) == 0) {
            return HttpProblem.of(
                    Problem.InvalidRequest.at(
                            "",
                            "header %s is '%s'; must be a whole number, 1..%d"
                                    .formatted(TIMEOUT_HEADER, timeout, MOST_TIMEOUT_MILLIS)));
        }
        return null;
    }

    /** Milliseconds of the header; 0 when they are none. */
    private static long timeoutMillis(String header) {
        if (!header.matches("[0-9]{1,9}")) {
            return 0;
        }
        long millis = Long.parseLong(header);
        return millis > MOST_TIMEOUT_MILLIS ? 0 : millis;
    }

    /** One call on this path. */
    private final class Call {

        private final RoutingContext http;
        private final HttpServerRequest request;
        private final Exchange exchange;
        private final BodyReader reader;
        private final AtomicBoolean entered = new AtomicBoolean();
        private volatile long heldBytes;
        private volatile @Nullable Permit permit;

        Call(RoutingContext http) {
            this.http = http;
            this.request = http.request();
            this.exchange = new Exchange(http, settings.answerPauseMillis(), listener, this::end);
            this.reader =
                    new BodyReader(
                            http.vertx(),
                            request,
                            limits.bodyBytes(),
                            memory,
                            this::arrived,
                            exchange::fail);
        }

        /** Passes the door, before anything of the body is read. */
        private void enter() {
            String urgency = request.getHeader("Priority");
            Priority priority =
                    Optional.ofNullable(urgency)
                            .flatMap(Urgency::parse)
                            .orElse(
                                    forms.isLines(request.getHeader(HttpHeaders.CONTENT_TYPE))
                                            ? Priority.BULK
                                            : Priority.INTERACTIVE);
            Optional<Duration> timeout =
                    Optional.ofNullable(request.getHeader(TIMEOUT_HEADER))
                            .map(header -> Duration.ofMillis(timeoutMillis(header)));
            Credentials credentials =
                    new Credentials(
                            request.getHeader(HttpHeaders.AUTHORIZATION),
                            request.getHeader("X-API-Key"));
            Permit entered = admission.enter(credentials, priority, timeout);
            permit = entered;
            exchange.show(entered);
        }

        /** Takes a place for as long as lines come. */
        private void readLines() {
            if (!http.queryParams().isEmpty()) {
                throw new ProblemException(
                        Problem.InvalidRequest.at(
                                "", "has a query; the first line of the body holds all options"));
            }
            workers.enter();
            entered.set(true);
            Permit held = requireNonNull(permit, "This is a bug: a call without a permit");
            boolean named = request.getHeader(TIMEOUT_HEADER) != null;
            new LineCall(requireNonNull(forms.lines()), exchange, held)
                    .start(named ? held.timeout() : null);
        }

        private void arrived(byte[] body) {
            heldBytes = reader.heldBytes();
            long startNanos = System.nanoTime();
            try {
                requireNonNull(permit, "This is a bug: a call without a permit").arrived();
                workers.enter();
                entered.set(true);
                workers.texts().execute(() -> run(body, startNanos));
            } catch (ProblemException e) {
                exchange.fail(e);
            } catch (RefusalException e) {
                exchange.refuse(e);
            } catch (RejectedExecutionException _) {
                exchange.fail(new ProblemException(new Problem.Draining(Duration.ofSeconds(1))));
            }
        }

        private void run(byte[] body, long startNanos) {
            try {
                String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
                byte[] plain =
                        MediaTypes.isGzip(encoding)
                                ? Gzip.decompress(body, limits.bodyBytes())
                                : body;
                String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
                Permit entered = requireNonNull(permit, "This is a bug: a call without a permit");
                String answerType =
                        requireNonNull(
                                MediaTypes.chosen(
                                        request.getHeader(HttpHeaders.ACCEPT), forms.given()));
                endpoint.call(new Arrival(type, plain, startNanos, entered, answerType), exchange);
            } catch (RefusalException e) {
                exchange.refuse(e);
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                exchange.fail(e);
            }
        }

        /** Gives back what the call held; runs once, when it is answered or its client has gone. */
        private void end() {
            memory.release(heldBytes);
            Permit held = permit;
            if (held != null) {
                held.close();
            }
            if (entered.get()) {
                workers.leave();
            }
        }
    }
}
