package io.cospace.service.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The one path of every transport: what a call asks for, to its answer. Thread-safe.
 *
 * <p>Call its methods on {@link Workers#texts}; they return at once. The futures are completed on
 * that pool too, with a {@link ProblemException} when the call as a whole fails, so a transport may
 * write its answer in the stage that follows.
 */
public final class EmbeddingService {

    private final Models models;
    private final Limits limits;
    private final Workers workers;
    private final UrlImages urls;
    private final EmbeddingListener listener;

    /** Without images by URL. */
    public EmbeddingService(
            Models models, Limits limits, Workers workers, EmbeddingListener listener) {
        this(models, limits, workers, UrlImages.NONE, listener);
    }

    public EmbeddingService(
            Models models,
            Limits limits,
            Workers workers,
            UrlImages urls,
            EmbeddingListener listener) {
        this.urls = urls;
        this.models = models;
        this.limits = limits;
        this.workers = workers;
        this.listener = listener;
    }

    public Limits limits() {
        return limits;
    }

    /** Vectors of texts and images, in the order asked. */
    public CompletableFuture<EmbedResult> embed(EmbedRequest request, CallContext call) {
        return embed(request, limits.inputs(), call);
    }

    /**
     * Vectors of texts and images, in the order asked.
     *
     * @param mostInputs limit of a transport whose callers are used to another
     */
    public CompletableFuture<EmbedResult> embed(
            EmbedRequest request, int mostInputs, CallContext call) {
        return leased(request.options(), model -> embed(request, mostInputs, call, model));
    }

    /**
     * Vectors by a model that the caller has leased: for calls that come in parts, all of which one
     * version answers.
     */
    public CompletableFuture<EmbedResult> embed(
            EmbedRequest request, CallContext call, Model model) {
        return embed(request, limits.inputs(), call, model);
    }

    private CompletableFuture<EmbedResult> embed(
            EmbedRequest request, int mostInputs, CallContext call, Model model) {
        Options options = request.options();
        return attempt(() -> {
            requireCount("inputs", request.inputs().size(), mostInputs);
            model.packing().check(request.types());
            EmbedResults results = new EmbedResults(model, request);
            var task =
                    new Gathering.Task(
                            model,
                            request.inputs(),
                            index -> new Place("inputs", index),
                            options,
                            model.dimensions(options.dimensions()),
                            request.onError(),
                            call);
            return gather(task, results::of);
        });
    }

    /** Scores of all pairs, or of pairs by position, of two lists. */
    public CompletableFuture<SimilarityResult> similarity(
            SimilarityRequest request, CallContext call) {
        Options options = request.options();
        return leased(
                options,
                model -> {
                    requireList("a", request.a());
                    requireList("b", request.b());
                    Scores scores = Scores.of(request, model, limits);
                    int split = request.a().size();
                    List<Input> all = new ArrayList<>(request.a());
                    all.addAll(request.b());
                    IntFunction<Place> places =
                            index ->
                                    index < split
                                            ? new Place("a", index)
                                            : new Place("b", index - split);
                    var task =
                            new Gathering.Task(
                                    model,
                                    all,
                                    places,
                                    options,
                                    model.dimensions(options.dimensions()),
                                    OnError.FAIL,
                                    call);
                    return gather(task, outcomes -> scores.compute(outcomes, call));
                });
    }

    /** The tokens that the model reads of each text. */
    public CompletableFuture<TokenizeResult> tokenize(TokenizeRequest request, CallContext call) {
        Options options = request.options();
        return leased(
                options,
                model -> {
                    requireCount("inputs", request.inputs().size(), limits.inputs());
                    TokenListing listing =
                            new TokenListing(model.textEncoder(), options, limits, call);
                    List<TokenizeResult.Text> texts = new ArrayList<>();
                    for (int i = 0; i < request.inputs().size(); i++) {
                        texts.add(listing.list(request.inputs().get(i), new Place("inputs", i)));
                    }
                    StageTimes times = new StageTimes(System.nanoTime() - call.startNanos(), 0, 0);
                    return CompletableFuture.completedFuture(
                            new TokenizeResult(model.id(), texts, times));
                });
    }

    /** Runs a gathering under its deadline, then {@code finish} on the workers. */
    private <R> CompletableFuture<R> gather(
            Gathering.Task task, Function<List<Outcome>, R> finish) {
        Slots slots = new Gathering(task, workers, urls, listener, limits).start();
        if (slots.done().isDone()) {
            return slots.done().thenApplyAsync(finish, workers.texts());
        }
        CallContext call = task.call();
        call.onCancel(slots::abandon);
        Runnable noDeadline =
                workers.later(
                        call.deadlineNanos() - System.nanoTime(),
                        () -> slots.abort(new Problem.DeadlineExceeded(call.timeout())));
        return slots.done()
                .whenComplete((_, _) -> noDeadline.run())
                .thenApplyAsync(finish, workers.texts());
    }

    /** Runs a call with a model that stays open until its future ends. */
    private <R> CompletableFuture<R> leased(
            Options options, Function<Model, CompletableFuture<R>> action) {
        return attempt(() -> {
            Lease lease = models.lease(options.model(), options.space());
            try {
                return action.apply(lease.model()).whenComplete((_, _) -> lease.close());
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
        });
    }

    /** A failure while a call is read is a failure of its future, so transports see one kind. */
    private static <R> CompletableFuture<R> attempt(Supplier<CompletableFuture<R>> action) {
        try {
            return action.get();
        } catch (ProblemException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void requireList(String name, List<Input> list) {
        long stored = list.stream().filter(input -> input instanceof Input.Vector).count();
        requireCount(name, (int) stored, limits.storedVectors());
        requireCount(name, list.size() - (int) stored, limits.inputs());
    }

    private static void requireCount(String list, int count, int limit) {
        if (count > limit) {
            throw new ProblemException(new Problem.TooManyInputs(list, count, limit));
        }
    }
}
