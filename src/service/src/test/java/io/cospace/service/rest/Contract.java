package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;

/** The file {@code openapi.yaml}, and whether an answer is one that it documents. */
final class Contract {

    static final Path FILE = Path.of(System.getProperty("cospace.root"), "openapi.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory SCHEMAS =
            JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private static final JsonNode ROOT = read();

    private Contract() {}

    static JsonNode root() {
        return ROOT;
    }

    /**
     * Checks status, media type and body of an answer against what the operation documents.
     *
     * @param method in lower case
     * @param path as the document names it
     */
    static void check(String method, String path, HttpResponse<String> response) {
        String status = Integer.toString(response.statusCode());
        JsonNode operation = ROOT.path("paths").path(path).path(method);
        JsonNode documented = resolve(operation.path("responses").path(status));
        assertThat(documented.isMissingNode())
                .as("%s %s documents status %s: %s", method, path, status, response.body())
                .isFalse();
        String type =
                HeaderValue.bare(response.headers().firstValue("Content-Type").orElse("none"));
        JsonNode content = documented.path("content").path(type);
        assertThat(content.isMissingNode())
                .as("%s %s documents %s for %s", method, path, type, status)
                .isFalse();
        if (type.endsWith("/json") || type.endsWith("+json")) {
            checkBody(content.path("schema"), response.body());
        }
        documented
                .path("headers")
                .fieldNames()
                .forEachRemaining(header ->
                        assertThat(response.headers().firstValue(header))
                                .as("header %s of %s %s %s", header, method, path, status)
                                .isPresent());
    }

    /** Checks a JSON text against a schema of the document. */
    static void checkBody(JsonNode schema, String body) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", ROOT.path("components"));
        try {
            Set<ValidationMessage> faults = SCHEMAS.getSchema(whole).validate(JSON.readTree(body));
            assertThat(faults).as(body).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The node that a reference stands for; the node itself when it is none. */
    static JsonNode resolve(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode() ? node : ROOT.at(reference.asText().substring(1));
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
