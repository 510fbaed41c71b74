package io.cospace.service.rest;

import io.cospace.service.admission.Permit;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.SimilarityResult;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.TokenizeResult;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** What each path does with a call: read the body, ask the service, write the answer. */
final class Endpoints {

    private static final String NO_MATRIX =
            "; application/octet-stream is one float vector an input";

    private final EmbeddingService service;
    private final RequestReader json;
    private final FormReader forms;
    private final LineService lines;

    Endpoints(EmbeddingService service, LineService lines) {
        this.lines = lines;
        Limits limits = service.limits();
        this.service = service;
        this.json = new RequestReader(limits);
        this.forms = new FormReader(limits);
    }

    void embed(CallRoute.Arrival arrival, Exchange exchange) {
        EmbedRequest request = embedRequest(arrival, exchange);
        if (arrival.answerType().equals(MediaTypes.OCTETS)) {
            requireMatrix(request);
        }
        charge(arrival, exchange, request.inputs().size());
        CallContext call = begin(arrival, exchange);
        if (arrival.answerType().equals(MediaTypes.NDJSON)) {
            LineList.begin(lines, exchange, request, call);
            return;
        }
        boolean octets = arrival.answerType().equals(MediaTypes.OCTETS);
        answer(
                service.embed(request, call)
                        .exceptionallyCompose(thrown -> unsupported(arrival, thrown)),
                result -> {
                    exchange.trail().answered(result);
                    return octets
                            ? Reply.octets(result)
                            : Reply.json(Answers.embed(result, request.types()));
                },
                EmbedResult::times,
                exchange);
    }

    /** Only where each input has exactly one vector is there a matrix of them. */
    private static void requireMatrix(EmbedRequest request) {
        List<Problem.Violation> violations = new ArrayList<>();
        if (request.onError() == OnError.ITEM) {
            violations.add(new Problem.Violation("/on_error", "is 'item'" + NO_MATRIX));
        }
        if (request.options().longText() == LongText.CHUNKS) {
            violations.add(new Problem.Violation("/long_text", "is 'chunks'" + NO_MATRIX));
        }
        if (!request.types().equals(Set.of(OutputType.FLOAT))) {
            violations.add(new Problem.Violation("/types", "names others than float" + NO_MATRIX));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(new Problem.InvalidRequest(violations));
        }
    }

    void similarity(CallRoute.Arrival arrival, Exchange exchange) {
        refuseQuery(exchange);
        var request = json.similarity(arrival.body());
        charge(arrival, exchange, request.computed());
        CallContext call = begin(arrival, exchange);
        answer(
                service.similarity(request, call),
                result -> {
                    exchange.trail().answered(result);
                    return Reply.json(Answers.similarity(result));
                },
                SimilarityResult::times,
                exchange);
    }

    void tokenize(CallRoute.Arrival arrival, Exchange exchange) {
        refuseQuery(exchange);
        var request = json.tokenize(arrival.body());
        CallContext call = begin(arrival, exchange);
        exchange.trail().asked(request.inputs().size());
        answer(
                service.tokenize(request, call),
                result -> Reply.json(TokenAnswers.of(result)),
                TokenizeResult::times,
                exchange);
    }

    private EmbedRequest embedRequest(CallRoute.Arrival arrival, Exchange exchange) {
        String type = HeaderValue.bare(arrival.contentType());
        if (type.equals(MediaTypes.JSON)) {
            refuseQuery(exchange);
            return json.embed(arrival.body());
        }
        List<Map.Entry<String, String>> query = exchange.http().queryParams().entries();
        String boundary = MediaTypes.boundary(arrival.contentType());
        return type.equals(MediaTypes.FORM) && boundary != null
                ? forms.form(arrival.body(), boundary, query)
                : forms.image(arrival.body(), query);
    }

    /** A misspelt option in the query must not go unseen. */
    static void refuseQuery(Exchange exchange) {
        for (String name : exchange.http().queryParams().names()) {
            throw new ProblemException(
                    Problem.InvalidRequest.at(
                            "",
                            "query parameter '%s' is unknown; with JSON all options stand in the body"
                                    .formatted(name)));
        }
    }

    /** Takes the inputs of a call from the rate of its key. */
    static void charge(CallRoute.Arrival arrival, Exchange exchange, int items) {
        exchange.trail().asked(items);
        arrival.permit().charge(items);
    }

    static CallContext begin(CallRoute.Arrival arrival, Exchange exchange) {
        Permit permit = arrival.permit();
        CallContext call =
                new CallContext(arrival.startNanos(), permit.timeout(), permit.priority());
        exchange.begin(call);
        return call;
    }

    static <R> void answer(
            CompletableFuture<R> result,
            Function<R, Reply> encode,
            Function<R, StageTimes> times,
            Exchange exchange) {
        String acceptEncoding = exchange.http().request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        CompletableFuture<?> _ =
                result.thenAccept(
                                value -> {
                                    long from = System.nanoTime();
                                    Reply reply = encode.apply(value).packed(acceptEncoding);
                                    exchange.answer(
                                            reply, times.apply(value), System.nanoTime() - from);
                                })
                        .exceptionally(thrown -> {
                            exchange.fail(thrown);
                            return null;
                        });
    }

    /** Where an image is the whole body, a format that is not read is a media type that is not. */
    private static CompletableFuture<EmbedResult> unsupported(
            CallRoute.Arrival arrival, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        boolean isImage = HeaderValue.bare(arrival.contentType()).startsWith("image/");
        if (isImage
                && cause instanceof ProblemException e
                && e.problem() instanceof Problem.ImageUnsupported(String detail)) {
            return CompletableFuture.failedFuture(
                    new ProblemException(new Problem.UnsupportedMediaType(detail)));
        }
        return CompletableFuture.failedFuture(thrown);
    }
}
