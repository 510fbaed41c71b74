package io.cospace.service.rest;

import io.cospace.service.admission.Admission;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.embedding.Workers;
import io.cospace.service.outflow.Outflow;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.List;

/** The paths of the API, on Quarkus' own router. */
@Singleton
final class ApiRoutes {

    private static final System.Logger LOG = System.getLogger(ApiRoutes.class.getName());

    /** Behind every route that Quarkus and its extensions register. */
    private static final int LAST = 1_000_000;

    private final EmbeddingService service;
    private final Models models;
    private final Admission admission;
    private final Workers workers;
    private final EmbeddingListener listener;
    private final RestSettings settings;
    private final InfoAnswer info;

    ApiRoutes(
            EmbeddingService service,
            Admission admission,
            Models models,
            Workers workers,
            EmbeddingListener listener,
            RestSettings settings,
            ServiceInfo info) {
        this.service = service;
        this.models = models;
        this.admission = admission;
        this.workers = workers;
        this.listener = listener;
        this.settings = settings;
        this.info = new InfoAnswer(models, info);
    }

    void register(@Observes Router router) {
        BodyMemory memory = new BodyMemory(settings.maxBodyMemoryBytes());
        LineService lines =
                new LineService(service, models, workers, memory, settings.linePauseMillis());
        Endpoints endpoints = new Endpoints(service, lines);
        var forms =
                new CallRoute.Forms(
                        List.of(
                                MediaTypes.JSON,
                                MediaTypes.FORM,
                                MediaTypes.IMAGE,
                                MediaTypes.NDJSON),
                        List.of(MediaTypes.JSON, MediaTypes.NDJSON, MediaTypes.OCTETS),
                        lines);
        var json = CallRoute.Forms.JSON;
        post(router, "/embed", forms, memory, endpoints::embed);
        post(router, "/similarity", json, memory, endpoints::similarity);
        post(router, "/tokenize", json, memory, endpoints::tokenize);
        OpenAiEndpoints openAi = new OpenAiEndpoints(service, models);
        post(router, "/v1/embeddings", json, memory, openAi::embeddings);
        get(router, "/v1/models", http -> send(http, MediaTypes.JSON, openAi.models()));
        get(router, OpenAiEndpoints.MODELS + "*", http -> model(http, openAi));
        get(router, "/info", http -> send(http, MediaTypes.JSON, info.json()));
        get(
                router,
                "/problems",
                http -> send(http, ProblemPages.CONTENT_TYPE, ProblemPages.index()));
        get(router, "/problems/:name", this::problemPage);
        router.route().order(LAST).handler(this::notFound).failureHandler(this::failed);
        // A path that cannot be decoded matches no route, so no route's handler is asked.
        router.errorHandler(400, this::malformed);
    }

    private void post(
            Router router,
            String path,
            CallRoute.Forms forms,
            BodyMemory memory,
            CallRoute.Endpoint endpoint) {
        router.post(path)
                .handler(
                        new CallRoute(
                                forms,
                                endpoint,
                                settings,
                                admission,
                                service.limits(),
                                workers,
                                memory,
                                listener));
        router.route(path).handler(http -> methodNotAllowed(http, "POST"));
    }

    private void get(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path)
                .handler(http -> {
                    HttpMethod method = http.request().method();
                    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                        handler.handle(http);
                    } else {
                        methodNotAllowed(http, "GET, HEAD");
                    }
                });
    }

    private void model(RoutingContext http, OpenAiEndpoints openAi) {
        try {
            send(http, MediaTypes.JSON, openAi.model(String.valueOf(http.request().path())));
        } catch (ProblemException e) {
            fail(http, HttpProblem.of(e));
        }
    }

    private void problemPage(RoutingContext http) {
        ProblemPages.page(String.valueOf(http.pathParam("name")))
                .ifPresentOrElse(
                        page -> send(http, ProblemPages.CONTENT_TYPE, page), () -> notFound(http));
    }

    private void send(RoutingContext http, String contentType, byte[] body) {
        http.response().putHeader("Content-Type", contentType);
        long pause = settings.answerPauseMillis();
        new Outflow(http.request(), http.vertx(), pause, () -> {}).end(Buffer.buffer(body));
    }

    private void methodNotAllowed(RoutingContext http, String allowed) {
        http.response().putHeader("Allow", allowed);
        fail(
                http,
                HttpProblem.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        "%s does not take %s; it takes %s"
                                .formatted(
                                        http.request().path(), http.request().method(), allowed)));
    }

    private void notFound(RoutingContext http) {
        fail(http, HttpProblem.of(ProblemType.NOT_FOUND, "nothing is at " + http.request().path()));
    }

    /** What a handler threw, or what the router itself refused. */
    private void failed(RoutingContext http) {
        Throwable thrown = http.failure();
        if (http.statusCode() == 404) {
            notFound(http);
        } else if (http.statusCode() >= 400 && http.statusCode() < 500) {
            fail(http, HttpProblem.MALFORMED);
        } else {
            LOG.log(Level.ERROR, "a call to " + http.request().path() + " failed", thrown);
            fail(
                    http,
                    HttpProblem.of(
                            ProblemType.INTERNAL_ERROR,
                            "the call failed in a way that the service does not know; its log says"
                                    + " why"));
        }
    }

    /** Answers at once: an answer that comes later is too late for the router. */
    private void malformed(RoutingContext http) {
        listener.rejected(HttpProblem.MALFORMED.type().wireName());
        ErrorForm form = ErrorForm.of(http.request().path());
        http.response().setStatusCode(HttpProblem.MALFORMED.type().status());
        Future<Void> _ =
                http.response()
                        .putHeader("Content-Type", form.contentType())
                        .end(Buffer.buffer(form.body(HttpProblem.MALFORMED)));
    }

    private void fail(RoutingContext http, HttpProblem problem) {
        new Exchange(http, settings.answerPauseMillis(), listener, () -> {}).fail(problem);
    }
}
