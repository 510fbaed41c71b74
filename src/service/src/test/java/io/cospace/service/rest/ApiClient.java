package io.cospace.service.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Calls the API as plainly as that goes; every answer is checked against the contract. */
final class ApiClient {

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    private final String base;

    /**
     * @param base URL without a slash at its end
     */
    ApiClient(String base) {
        this.base = base;
    }

    HttpResponse<String> json(String path, String body, String... headers) {
        return post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> post(String path, String contentType, byte[] body, String... headers) {
        return call("POST", path, contentType, BodyPublishers.ofByteArray(body), headers);
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, null, BodyPublishers.noBody());
    }

    /** A call whose answer is not text, and so is not checked. */
    HttpResponse<byte[]> bytes(String path, String body, String... headers) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(60))
                        .POST(BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .headers(headers)
                        .build();
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Any call; only those to paths of the document are checked. */
    HttpResponse<String> call(
            String method,
            String path,
            @Nullable String contentType,
            BodyPublisher body,
            String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, body);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        check(method, path, response);
        return response;
    }

    private static void check(String method, String path, HttpResponse<String> response) {
        String documented =
                path.replaceFirst("\\?.*", "")
                        .replaceFirst("^/problems/.*", "/problems/{name}")
                        .replaceFirst("^/v1/models/.*", "/v1/models/{id}");
        if (!Contract.root().path("paths").has(documented)) {
            return;
        }
        boolean known = Contract.root().at("/paths").path(documented).has(lower(method));
        // Another method than the document has is answered as the document says of those it has.
        String shown =
                known
                        ? lower(method)
                        : Contract.root().at("/paths").path(documented).fieldNames().next();
        Contract.check(shown, documented, response);
    }

    private static String lower(String method) {
        return method.toLowerCase(Locale.ROOT);
    }
}
