package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the paths answer over real HTTP, on a model without a network. */
@Timeout(60)
class RoutesTest {

    private static final String JSON = "application/json";
    private static final String IMAGE = Base64.getEncoder().encodeToString("IMG".getBytes(UTF_8));

    private static FakeServer server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        server = FakeServer.start();
        api = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void embeds_what_comes_in_each_of_the_forms() {
        String mixed =
                "{\"inputs\": [\"a cat\", {\"image\": \""
                        + IMAGE
                        + "\"}], \"types\": [\"float\", \"base64\", \"ubinary\"]}";
        HttpResponse<String> json = api.json("/embed", mixed);
        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(json.body())
                .contains("\"ubinary\":[")
                .contains("\"usage\":{\"tokens\":4,\"images\":1}");
        assertThat(json.headers().firstValue("Server-Timing").orElseThrow())
                .matches(
                        "prepare;dur=[\\d.]+, queue;dur=[\\d.]+, run;dur=[\\d.]+, encode;dur=[\\d.]+");

        HttpResponse<String> image =
                api.post("/embed?dimensions=4", "image/jpeg", "IMG".getBytes(UTF_8));
        assertThat(image.body()).contains("\"dimensions\":4").contains("\"modality\":\"image\"");

        String form =
                """
                --B
                Content-Disposition: form-data; name="text"

                a cat
                --B
                Content-Disposition: form-data; name="f"; filename="x"

                IMG
                --B--
                """
                        .replace("\n", "\r\n");
        HttpResponse<String> parts =
                api.post("/embed", "multipart/form-data; boundary=B", form.getBytes(UTF_8));
        String vectors = json.body().replaceAll(",\"embeddings\":\\{.*?\\}", "");
        assertThat(parts.body()).isEqualTo(vectors);
    }

    @Test
    void reads_compressed_bodies() throws IOException {
        String body = "{\"inputs\": \"a cat\"}";
        HttpResponse<String> plain = api.json("/embed", body);
        HttpResponse<String> packed =
                api.post("/embed", JSON, gzip(body.getBytes(UTF_8)), "Content-Encoding", "gzip");
        assertThat(packed.statusCode()).isEqualTo(200);
        assertThat(packed.body()).isEqualTo(plain.body());
    }

    @Test
    void answers_vectors_as_plain_floats_where_each_input_has_one() {
        HttpResponse<String> json =
                api.json("/embed", "{\"inputs\": [\"a cat\"], \"types\": [\"base64\"]}");
        HttpResponse<byte[]> octets =
                api.bytes(
                        "/embed",
                        "{\"inputs\": [\"a cat\", \"a dog\"]}",
                        "Accept",
                        "application/octet-stream");
        assertThat(octets.statusCode()).isEqualTo(200);
        assertThat(octets.headers().firstValue("Content-Type"))
                .hasValue("application/octet-stream");
        assertThat(octets.headers().firstValue("Cospace-Rows")).hasValue("2");
        assertThat(octets.headers().firstValue("Cospace-Dimensions")).hasValue("8");
        assertThat(octets.headers().firstValue("Cospace-Model")).hasValue("fake/1");
        assertThat(octets.headers().firstValue("Cospace-Usage")).hasValue("tokens=8, images=0");
        assertThat(octets.body()).hasSize(2 * 8 * 4);
        byte[] first = Arrays.copyOf(octets.body(), 8 * 4);
        assertThat(json.body()).contains(Base64.getEncoder().encodeToString(first));

        HttpResponse<String> refused =
                api.json(
                        "/embed",
                        "{\"inputs\": \"a\", \"on_error\": \"item\", \"long_text\": \"chunks\","
                                + " \"types\": [\"int8\"]}",
                        "Accept",
                        "application/octet-stream");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("/on_error").contains("/long_text").contains("/types");
    }

    @Test
    void packs_a_large_answer_where_asked() throws IOException {
        String inputs = "{\"inputs\": [\"a\"" + ", \"b\"".repeat(900) + "]}";
        HttpResponse<String> plain = api.json("/embed", inputs);
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        HttpResponse<byte[]> packed =
                api.bytes("/embed", inputs, "Accept-Encoding", "deflate, gzip;q=0.5");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.body().length).isLessThan(plain.body().length() / 2);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(plain.body());
        }
        for (String not : List.of("gzip;q=0", "br", "identity")) {
            assertThat(
                            api.bytes("/embed", inputs, "Accept-Encoding", not)
                                    .headers()
                                    .firstValue("Content-Encoding"))
                    .isEmpty();
        }
        assertThat(
                        api.bytes("/embed", "{\"inputs\": \"a\"}", "Accept-Encoding", "gzip")
                                .headers()
                                .firstValue("Content-Encoding"))
                .as("a small one")
                .isEmpty();
    }

    @Test
    void keeps_errors_with_their_items_where_asked() {
        HttpResponse<String> response =
                api.json(
                        "/embed",
                        "{\"on_error\": \"item\", \"inputs\": [\"a\", \"\", {\"image\": \"a*\"},"
                                + " {\"image_url\": \"x\"}, {\"text\": \"a\", \"image\": \"b\"}, \"b\"]}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains(
                        "{\"index\":1,\"modality\":\"text\",\"error\":{\"type\":\"/problems/text-empty\"")
                .contains(
                        "\"index\":2,\"modality\":\"image\",\"error\":{\"type\":\"/problems/invalid-request\"")
                .contains("\"pointer\":\"/inputs/2/image\"")
                .contains(
                        "\"index\":3,\"modality\":\"image\",\"error\":{\"type\":\"/problems/url-refused\"")
                .contains("\"index\":4,\"error\":{\"type\":\"/problems/invalid-request\"")
                .contains("\"index\":5,\"modality\":\"text\",\"embedding\":[");
    }

    @Test
    void answers_long_texts_pooled_and_in_chunks() {
        String text = "one two three four five. six seven eight nine ten. eleven twelve thirteen.";
        String pooled =
                api.json("/embed", "{\"inputs\": \"" + text + "\", \"long_text\": \"pool\"}")
                        .body();
        assertThat(pooled).contains("\"truncated\":false,\"windows\":");
        String chunks =
                api.json("/embed", "{\"inputs\": \"" + text + "\", \"long_text\": \"chunks\"}")
                        .body();
        assertThat(chunks).contains("\"chunks\":[{\"start\":0,\"end\":");
    }

    @Test
    void scores_in_each_of_the_ways() {
        String lists = "\"a\": [\"x\", {\"image\": \"" + IMAGE + "\"}], \"b\": [\"x\", \"z\"]";
        assertThat(api.json("/similarity", "{" + lists + "}").body()).contains("\"scores\":[[1.0,");
        assertThat(api.json("/similarity", "{" + lists + ", \"mode\": \"pairs\"}").body())
                .contains("\"scores\":[1.0,");
        assertThat(api.json("/similarity", "{" + lists + ", \"top_k\": 1}").body())
                .contains("\"scores\":[[{\"index\":0,\"score\":1.0}],[{");
        assertThat(
                        api.json("/similarity", "{" + lists + ", \"score\": \"probability\"}")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void lists_tokens_with_their_places() {
        assertThat(api.json("/tokenize", "{\"inputs\": \"\uD83D\uDE00 cat\"}").body())
                .contains("\"tokens\":[\"<s>\",\"\uD83D\uDE00\",\"cat\",\"</s>\"]")
                .contains("\"offsets\":[null,[0,1],[2,5],null]");
        assertThat(
                        api.json(
                                        "/tokenize",
                                        "{\"inputs\": \"\uD83D\uDE00 cat\", \"offsets\": \"utf16\"}")
                                .body())
                .contains("\"offsets\":[null,[0,2],[3,6],null]");
    }

    @Test
    void says_what_is_served_and_every_limit() {
        assertThat(api.get("/info").body())
                .contains("\"model\":\"fake/1\"")
                .contains("\"fallback\":\"no VNNI\"")
                .contains(
                        "\"body_bytes\":33554432,\"inputs\":1024,\"stored_vectors\":16384,\"scores\":1000000")
                .contains(
                        "\"text_bytes\":1000000,\"image_bytes\":20000000,\"image_pixels\":64000000")
                .contains("\"windows\":64,\"json_depth\":32,\"timeout_ms\":60000");
    }

    @Test
    void has_a_page_for_every_problem_type() {
        for (ProblemType type : ProblemType.values()) {
            HttpResponse<String> page = api.get(type.uri());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<h1>" + type.title() + "</h1>");
            assertThat(api.get("/problems").body()).contains(type.uri());
        }
        assertThat(api.get("/problems/none").statusCode()).isEqualTo(404);
    }

    @Test
    void refuses_other_paths_and_methods() {
        HttpResponse<String> nothing = api.get("/nothing");
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(nothing.body()).contains("/problems/not-found");
        for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS")) {
            HttpResponse<String> response =
                    api.call(method, "/embed", null, BodyPublishers.noBody());
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue("POST");
        }
        assertThat(api.post("/info", JSON, new byte[0]).headers().firstValue("Allow"))
                .hasValue("GET, HEAD");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
