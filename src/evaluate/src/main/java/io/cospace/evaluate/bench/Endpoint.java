package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where requests go and how they look: {@code POST /embed} of a Cospace service, or the OpenAI
 * shape that other servers share.
 *
 * @param uri of plain HTTP; without a path, the format's own
 * @param format of requests and answers
 * @param headers sent with every request, each as {@code Name: value}
 */
public record Endpoint(URI uri, Format format, List<String> headers) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** How requests and answers look. */
    public enum Format {
        /** {@code {"inputs": [...]}}, answered with JSON floats. */
        JSON("/embed", "application/json"),
        /** The same, answered with base64 of float32. */
        BASE64("/embed", "application/json"),
        /** The same, answered with bare float32. */
        OCTETS("/embed", "application/octet-stream"),
        /** {@code {"input": [...]}} of {@code /v1/embeddings}, answered with JSON floats. */
        OPENAI("/v1/embeddings", "application/json");

        private final String path;
        private final String accept;

        Format(String path, String accept) {
            this.path = path;
            this.accept = accept;
        }
    }

    /** A request as the bytes on the wire. */
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

    /**
     * Reads a URL; nothing but the format's own headers is sent.
     *
     * @throws BenchException if it is none of plain HTTP
     */
    public static Endpoint of(String url, Format format) {
        return of(url, format, List.of());
    }

    /**
     * Reads a URL.
     *
     * @throws BenchException if it is none of plain HTTP
     */
    public static Endpoint of(String url, Format format, List<String> headers) {
        try {
            URI uri = new URI(url);
            if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new BenchException("URL is " + url + "; must begin with http://HOST");
            }
            boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            return new Endpoint(bare ? uri.resolve(format.path) : uri, format, headers);
        } catch (URISyntaxException e) {
            throw new BenchException("URL is " + url + ": " + e.getReason());
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    /** All requests of a workload, built once so that building costs nothing later. */
    List<Prepared> prepare(Workload workload) {
        return workload.requests().stream().map(this::prepare).toList();
    }

    private Prepared prepare(List<Item> items) {
        byte[] body = body(items);
        String head =
                """
                POST %s HTTP/1.1\r
                Host: %s\r
                Content-Type: application/json\r
                Accept: %s\r
                Content-Length: %d\r
                %s\r
                """
                        .formatted(
                                uri.getRawPath(),
                                uri.getAuthority(),
                                format.accept,
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

    private byte[] body(List<Item> items) {
        ObjectNode root = JSON.createObjectNode();
        if (format == Format.OPENAI) {
            root.put("model", "model");
        }
        if (format == Format.BASE64) {
            root.putArray("types").add("base64");
        }
        ArrayNode inputs = root.putArray(format == Format.OPENAI ? "input" : "inputs");
        for (Item item : items) {
            switch (item) {
                case Item.Text text -> inputs.add(text.text());
                case Item.Image image ->
                        inputs.addObject()
                                .put("image", Base64.getEncoder().encodeToString(image.bytes()));
            }
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("this is a bug: a tree is always JSON", e);
        }
    }
}
