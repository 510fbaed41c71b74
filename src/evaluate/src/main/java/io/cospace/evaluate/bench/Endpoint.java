package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where requests go and how they look: HTTP in one of the {@link Format}s, or gRPC ({@code
 * Embedder/Embed}).
 *
 * @param uri {@code http://...}, without a path the format's own; or {@code grpc://HOST:PORT}
 * @param format of requests and answers; gRPC has only its own
 * @param model named in requests of the OpenAI shape, which must name one
 * @param headers sent with every request, each as {@code Name: value}
 */
public record Endpoint(URI uri, Format format, String model, List<String> headers) {
    /** For servers that read over it. */
    public static final String ANY_MODEL = "model";

    private static final String GRPC = "grpc";

    /** A request as the bytes that the connection sends. */
    @SuppressWarnings("ArrayRecordComponent") // sent, never compared
    record Prepared(byte[] bytes, int items) {}

    /**
     * Checks the headers.
     *
     * @throws BenchException if one is not of the form {@code Name: value}
     */
    public Endpoint {
        headers = List.copyOf(headers);
        for (String header : headers) {
            if (!header.matches("[A-Za-z0-9-]+: [\\x20-\\x7e]+")) {
                throw new BenchException("header is \"" + header + "\"; must be Name: value");
            }
        }
    }

    /** Whether a contestant's name is a URL that {@link #of} reads. */
    public static boolean isUrl(String text) {
        return text.startsWith("http:") || text.startsWith("grpc:");
    }

    /**
     * Reads a URL; nothing but the format's own headers is sent.
     *
     * @throws BenchException if it is neither plain HTTP nor plain gRPC
     */
    public static Endpoint of(String url, Format format) {
        return of(url, format, ANY_MODEL, List.of());
    }

    /**
     * Reads a URL.
     *
     * @throws BenchException if it is neither plain HTTP nor plain gRPC
     */
    public static Endpoint of(String url, Format format, String model, List<String> headers) {
        try {
            URI uri = new URI(url);
            boolean grpc = GRPC.equals(uri.getScheme());
            if (!(grpc || "http".equals(uri.getScheme())) || uri.getHost() == null) {
                throw new BenchException(
                        "URL is " + url + "; must begin with http://HOST or grpc://HOST");
            }
            boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            if (grpc && (!bare || uri.getPort() < 0 || format != Format.COSPACE)) {
                throw new BenchException(
                        "URL is %s with format %s; gRPC is grpc://HOST:PORT with format %s"
                                .formatted(url, format, Format.COSPACE));
            }
            return new Endpoint(
                    bare && !grpc ? uri.resolve(format.path()) : uri, format, model, headers);
        } catch (URISyntaxException e) {
            throw new BenchException("URL is " + url + ": " + e.getReason());
        }
    }

    /** A connection, opened with the first request. */
    Connection connect(Duration timeout) {
        InetSocketAddress address =
                new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
        return isGrpc()
                ? new GrpcConnection(address, headers, timeout)
                : new HttpConnection(address, timeout);
    }

    private boolean isGrpc() {
        return GRPC.equals(uri.getScheme());
    }

    /**
     * All requests of a workload, built once so that building costs nothing later; a request that
     * stands in it several times is held once.
     */
    List<Prepared> prepare(Workload workload) {
        IdentityHashMap<List<Item>, Prepared> built = new IdentityHashMap<>();
        return workload.requests().stream()
                .map(items -> built.computeIfAbsent(items, this::prepare))
                .toList();
    }

    private Prepared prepare(List<Item> items) {
        if (isGrpc()) {
            return new Prepared(Bodies.message(items), items.size());
        }
        byte[] body = Bodies.of(format, model, items);
        String type =
                format.contentType().equals(Format.Media.BY_CONTENT)
                        ? Bodies.mediaType(body)
                        : format.contentType();
        String head =
                """
                POST %s HTTP/1.1\r
                Host: %s\r
                Content-Type: %s\r
                Accept: %s\r
                Content-Length: %d\r
                %s\r
                """
                        .formatted(
                                uri.getRawPath(),
                                uri.getAuthority(),
                                type,
                                format.accept(),
                                body.length,
                                headers.stream()
                                        .map(h -> h + "\r\n")
                                        .collect(Collectors.joining()));
        byte[] headBytes = head.getBytes(UTF_8);
        byte[] bytes = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, bytes, 0, headBytes.length);
        System.arraycopy(body, 0, bytes, headBytes.length, body.length);
        return new Prepared(bytes, items.size());
    }
}
