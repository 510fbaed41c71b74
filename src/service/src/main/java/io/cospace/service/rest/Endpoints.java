package io.cospace.service.rest;

import io.cospace.service.admission.Permit;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.SimilarityResult;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.TokenizeResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** What each path does with a call: read the body, ask the service, write the answer. */
final class Endpoints {

    private final EmbeddingService service;
    private final RequestReader json;
    private final FormReader forms;

    Endpoints(EmbeddingService service) {
        Limits limits = service.limits();
        this.service = service;
        this.json = new RequestReader(limits);
        this.forms = new FormReader(limits);
    }

    void embed(CallRoute.Arrival arrival, Exchange exchange) {
        EmbedRequest request = embedRequest(arrival, exchange);
        arrival.permit().charge(request.inputs().size());
        CallContext call = begin(arrival, exchange);
        answer(
                service.embed(request, call)
                        .exceptionallyCompose(thrown -> unsupported(arrival, thrown)),
                result -> Answers.embed(result, request.types()),
                EmbedResult::times,
                exchange);
    }

    void similarity(CallRoute.Arrival arrival, Exchange exchange) {
        refuseQuery(exchange);
        var request = json.similarity(arrival.body());
        arrival.permit().charge(request.computed());
        CallContext call = begin(arrival, exchange);
        answer(
                service.similarity(request, call),
                Answers::similarity,
                SimilarityResult::times,
                exchange);
    }

    void tokenize(CallRoute.Arrival arrival, Exchange exchange) {
        refuseQuery(exchange);
        var request = json.tokenize(arrival.body());
        CallContext call = begin(arrival, exchange);
        answer(service.tokenize(request, call), TokenAnswers::of, TokenizeResult::times, exchange);
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

    static CallContext begin(CallRoute.Arrival arrival, Exchange exchange) {
        Permit permit = arrival.permit();
        CallContext call =
                new CallContext(arrival.startNanos(), permit.timeout(), permit.priority());
        exchange.begin(call);
        return call;
    }

    static <R> void answer(
            CompletableFuture<R> result,
            Function<R, byte[]> encode,
            Function<R, StageTimes> times,
            Exchange exchange) {
        CompletableFuture<?> _ =
                result.thenAccept(
                                value -> {
                                    long from = System.nanoTime();
                                    byte[] body = encode.apply(value);
                                    exchange.answer(
                                            body, times.apply(value), System.nanoTime() - from);
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
