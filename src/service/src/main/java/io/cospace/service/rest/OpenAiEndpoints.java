package io.cospace.service.rest;

import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.Place;
import io.cospace.service.embedding.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The paths that OpenAI's clients know. */
final class OpenAiEndpoints {

    /** Path of one model, whose name may hold slashes. */
    static final String MODELS = "/v1/models/";

    private final EmbeddingService service;
    private final Models models;
    private final OpenAiReader reader;
    private final int mostInputs;

    OpenAiEndpoints(EmbeddingService service, Models models) {
        this.service = service;
        this.models = models;
        this.reader = new OpenAiReader(service.limits());
        this.mostInputs = OpenAiReader.mostInputs(service.limits());
    }

    void embeddings(CallRoute.Arrival arrival, Exchange exchange) {
        Endpoints.refuseQuery(exchange);
        EmbedRequest request = reader.read(arrival.body());
        Endpoints.charge(arrival, exchange, request.inputs().size());
        var call = Endpoints.begin(arrival, exchange);
        Endpoints.answer(
                service.embed(request, mostInputs, call)
                        .exceptionallyCompose(OpenAiEndpoints::renamed),
                result -> {
                    exchange.trail().answered(result);
                    return Reply.json(OpenAiAnswers.embeddings(result, request.types()));
                },
                EmbedResult::times,
                exchange);
    }

    byte[] models() {
        return OpenAiAnswers.models(models.all());
    }

    /**
     * One model.
     *
     * @param path of the request, as it came
     * @throws ProblemException when there is none of that name
     */
    byte[] model(String path) {
        String name = path.substring(MODELS.length()).replace("+", "%2B");
        try {
            name = URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // Not a name of any model, and refused as such.
        }
        return OpenAiAnswers.model(models.find(name, null));
    }

    /** The list is called {@code input} here. */
    private static CompletableFuture<EmbedResult> renamed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return CompletableFuture.failedFuture(
                cause instanceof ProblemException known && known.place() != null
                        ? new ProblemException(
                                known.problem(), new Place("input", known.place().index()))
                        : thrown);
    }
}
