package io.cospace.service.rest;

import io.cospace.service.admission.Permit;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.ItemStream;
import io.cospace.service.embedding.Lease;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.Options;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Workers;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all calls that are answered in lines have in common. Thread-safe. */
final class LineService {

    private final EmbeddingService service;
    private final Models models;
    private final Workers workers;
    private final BodyMemory memory;
    private final RequestReader reader;
    private final JsonReaders json;
    private final long idleMillis;

    LineService(
            EmbeddingService service,
            Models models,
            Workers workers,
            BodyMemory memory,
            long idleMillis) {
        this.service = service;
        this.models = models;
        this.workers = workers;
        this.memory = memory;
        this.reader = new RequestReader(service.limits());
        this.json = new JsonReaders(service.limits().jsonDepth(), service.limits().bodyBytes());
        this.idleMillis = idleMillis;
    }

    /**
     * What a call says about all of its inputs.
     *
     * @param lease of the model that answers, for {@link ItemStream#use}
     */
    record Asked(Options options, Set<OutputType> types, Lease lease) {

        Model model() {
            return lease.model();
        }
    }

    Limits limits() {
        return service.limits();
    }

    Workers workers() {
        return workers;
    }

    BodyMemory memory() {
        return memory;
    }

    JsonReaders json() {
        return json;
    }

    /** Longest time in which nothing comes, or nothing is read. */
    long idleMillis() {
        return idleMillis;
    }

    ItemStream items(@Nullable Permit permit, Supplier<CallContext> contexts) {
        return new ItemStream(service, workers, permit, contexts);
    }

    LineAnswers answers(Exchange exchange, Runnable onRoom) {
        return new LineAnswers(exchange, memory, limits().bodyBytes(), idleMillis, onRoom);
    }

    /**
     * Reads a line of options.
     *
     * @throws io.cospace.service.embedding.ProblemException when it cannot be served
     */
    Asked asked(byte[] line) {
        return asked(reader.lineOptions(line));
    }

    /** Finds the model of a call, before anything of it is answered. */
    Asked asked(EmbedRequest request) {
        Options options = request.options();
        Lease lease = models.lease(options.model(), options.space());
        try {
            lease.model().packing().check(request.types());
            int _ = lease.model().dimensions(options.dimensions());
            return new Asked(options, request.types(), lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /** What the head of an answer tells once for all lines. */
    Map<String, String> headers(Asked asked) {
        Model model = asked.model();
        return Map.of(
                "Cospace-Model", model.id(),
                "Cospace-Space", model.space(),
                "Cospace-Dimensions",
                        Integer.toString(model.dimensions(asked.options().dimensions())));
    }
}
