package io.cospace.service.signals;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Takes traces as an OTLP receiver does, and names a file for the access log.
 *
 * <p>Reads {@code ExportTraceServiceRequest} by its field numbers (opentelemetry-proto,
 * trace/v1/trace.proto).
 */
public final class OtlpReceiver implements QuarkusTestResourceLifecycleManager {

    /**
     * A span.
     *
     * @param parent empty for the first of a trace
     */
    record Span(
            String trace, String id, String parent, String name, long startNanos, long endNanos) {}

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;
    private @Nullable Path log;

    @Override
    public Map<String, String> start() {
        try {
            Path file = Files.createTempFile("access", ".log");
            HttpServer http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/v1/traces", this::take);
            http.start();
            log = file;
            server = http;
            return Map.of(
                    "cospace.traces.endpoint",
                    "http://127.0.0.1:" + http.getAddress().getPort(),
                    "quarkus.otel.exporter.otlp.protocol",
                    "http/protobuf",
                    "quarkus.otel.bsp.schedule.delay",
                    "50ms",
                    "cospace.limits.answer-pause",
                    "500ms",
                    "cospace.access-log.enabled",
                    "true",
                    "cospace.access-log.file",
                    file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(OtlpReceiver.class));
    }

    List<Span> spans() {
        return spans;
    }

    List<String> lines() throws IOException {
        Path file = log;
        return file == null ? List.of() : Files.readAllLines(file);
    }

    private void take(HttpExchange exchange) throws IOException {
        UnknownFieldSet request =
                UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
        for (UnknownFieldSet resource : messages(request, 1)) {
            for (UnknownFieldSet scope : messages(resource, 2)) {
                messages(scope, 2).forEach(span -> spans.add(span(span)));
            }
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Span span(UnknownFieldSet span) {
        return new Span(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                span.getField(5).getLengthDelimitedList().getFirst().toStringUtf8(),
                span.getField(7).getFixed64List().getFirst(),
                span.getField(8).getFixed64List().getFirst());
    }

    private static String hex(UnknownFieldSet message, int number) {
        Field field = message.getField(number);
        return field.getLengthDelimitedList().isEmpty()
                ? ""
                : HexFormat.of().formatHex(field.getLengthDelimitedList().getFirst().toByteArray());
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int number) {
        return message.getField(number).getLengthDelimitedList().stream()
                .map(OtlpReceiver::parse)
                .toList();
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        HttpServer http = server;
        if (http != null) {
            http.stop(0);
        }
    }
}
