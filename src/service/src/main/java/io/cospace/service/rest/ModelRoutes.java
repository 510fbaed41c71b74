package io.cospace.service.rest;

import io.cospace.encoder.error.EncoderException;
import io.cospace.service.embedding.ModelConflictException;
import io.cospace.service.embedding.ModelHost;
import io.cospace.service.embedding.ModelStatus;
import io.cospace.service.embedding.ProblemException;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Function;

/**
 * Opens, switches and closes models, for the operator; on the management port, which belongs
 * inside.
 *
 * <table>
 *   <caption>What there is</caption>
 *   <tr><td>{@code GET /models}</td><td>what is open, and what calls get</td></tr>
 *   <tr><td>{@code POST /models {"path": P}}</td><td>open the bundle in P, checked and warmed up; 201</td></tr>
 *   <tr><td>{@code PUT /models/NAME/default {"version": V}}</td><td>what the name alone means</td></tr>
 *   <tr><td>{@code PUT /models/default {"name": N}}</td><td>what calls get that name no model</td></tr>
 *   <tr><td>{@code DELETE /models/NAME/VERSION}</td><td>close it when its last call has ended; 202</td></tr>
 * </table>
 */
@Singleton
final class ModelRoutes {

    private static final System.Logger LOG = System.getLogger(ModelRoutes.class.getName());

    private static final String PROBLEM_JSON = "application/problem+json";

    /** Longest path, in characters. */
    private static final int LONGEST = 65_536;

    private final JsonReaders json = new JsonReaders(4, LONGEST);
    private final ModelHost host;

    ModelRoutes(ModelHost host) {
        this.host = host;
    }

    void register(@Observes ManagementInterface management) {
        register(management.router());
    }

    void register(Router router) {
        router.get("/models").handler(http -> run(http, new byte[0], 200, _ -> list()));
        router.post("/models").handler(http -> withBody(http, 201, this::open));
        router.put("/models/default")
                .handler(http ->
                        withBody(http, 200, body -> one(host.makeFirst(field(body, "name")))));
        router.put("/models/:name/default")
                .handler(http ->
                        withBody(
                                http,
                                200,
                                body -> one(host.makeDefault(id(http, field(body, "version"))))));
        router.delete("/models/:name/:version")
                .handler(http ->
                        run(
                                http,
                                new byte[0],
                                202,
                                _ ->
                                        one(
                                                host.retire(
                                                        id(
                                                                http,
                                                                String.valueOf(
                                                                        http.pathParam(
                                                                                "version")))))));
    }

    private static String id(RoutingContext http, String version) {
        return http.pathParam("name") + '/' + version;
    }

    private JsonWriter open(byte[] body) {
        return one(host.open(host.resolve(field(body, "path"))));
    }

    // ---- reading

    /** The one field of a body, a string. */
    private String field(byte[] body, String name) {
        String[] value = {""};
        try (JsonReader in = json.read(body)) {
            boolean _ =
                    in.object(
                            List.of(name),
                            _ -> {
                                String read = in.string();
                                value[0] = read == null ? "" : read;
                            });
            if (value[0].isEmpty() && !in.hasFaults()) {
                in.violate("/" + name, "is missing");
            }
            in.finish();
        }
        return value[0];
    }

    /** Quarkus has read the body by now: this port has its own body handler. */
    private void withBody(RoutingContext http, int status, Function<byte[], JsonWriter> action) {
        Buffer body = http.body().buffer();
        run(http, body == null ? new byte[0] : body.getBytes(), status, action);
    }

    /** Does it on a thread of its own, since to open a bundle takes as long as it takes. */
    private void run(
            RoutingContext http, byte[] body, int status, Function<byte[], JsonWriter> action) {
        Context context = http.vertx().getOrCreateContext();
        Thread _ =
                Thread.ofPlatform()
                        .name("cospace-models")
                        .start(() -> {
                            Runnable answer;
                            try {
                                byte[] json = action.apply(body).bytes();
                                answer = () -> send(http, status, MediaTypes.JSON, json);
                            } catch (RuntimeException | Error e) {
                                answer = refusal(http, e);
                            }
                            Runnable found = answer;
                            context.runOnContext(_ -> found.run());
                        });
    }

    private static Runnable refusal(RoutingContext http, Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        return switch (thrown) {
            case ProblemException e -> {
                HttpProblem problem = HttpProblem.of(e);
                JsonWriter out = new JsonWriter(256);
                problem.write(out);
                yield () -> send(http, problem.type().status(), PROBLEM_JSON, out.bytes());
            }
            case ModelConflictException _ -> () -> problem(http, 409, "Conflict", message);
            case EncoderException _ -> {
                LOG.log(Level.WARNING, "a bundle was refused: {0}", message);
                yield () -> problem(http, 422, "Unprocessable Content", message);
            }
            default -> {
                LOG.log(Level.ERROR, "a call of the operator failed", thrown);
                yield () -> problem(http, 500, "Internal Server Error", "the log says why");
            }
        };
    }

    /** A problem that the API itself does not have (RFC 9457, section 4.2.1). */
    private static void problem(RoutingContext http, int status, String title, String detail) {
        JsonWriter out = new JsonWriter(256).object().name("type").value("about:blank");
        out.name("title").value(title).name("status").value(status);
        out.name("detail").value(detail).endObject();
        send(http, status, PROBLEM_JSON, out.bytes());
    }

    // ---- writing

    private JsonWriter list() {
        JsonWriter out = new JsonWriter(1024).object().name("models").array();
        host.status().forEach(status -> write(out, status));
        out.endArray().name("opening");
        host.folderBeingOpened()
                .ifPresentOrElse(folder -> out.value(folder.toString()), out::nothing);
        return out.endObject();
    }

    private JsonWriter one(ModelStatus status) {
        JsonWriter out = new JsonWriter(256);
        write(out, status);
        return out;
    }

    private void write(JsonWriter out, ModelStatus status) {
        out.object().name("model").value(status.model().id());
        out.name("space").value(status.model().space());
        out.name("role").value(Names.of(status.role()));
        out.name("calls").value(status.calls());
        host.folder(status.model()).ifPresent(folder -> out.name("path").value(folder.toString()));
        out.endObject();
    }

    private static void send(RoutingContext http, int status, String type, byte[] body) {
        if (!http.response().closed()) {
            http.response().setStatusCode(status).putHeader("Content-Type", type);
            Future<Void> _ = http.response().end(Buffer.buffer(body));
        }
    }
}
