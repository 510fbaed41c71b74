package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cospace.service.RawHttp;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole service on a bundle of random weights: its vectors mean nothing, all else is real. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(60)
class ServedBundleTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    private URL apiUrl;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private ApiClient api;
    private ApiClient management;

    @BeforeEach
    void await_ready() throws InterruptedException {
        // By port alone: the URL of the management interface has Quarkus' own prefix.
        api = new ApiClient("http://localhost:" + apiUrl.getPort());
        management = new ApiClient("http://localhost:" + managementUrl.getPort());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        int status;
        while ((status = management.get("/q/health/ready").statusCode()) != 200) {
            assertThat(status).as("not ready, or no probe at all").isEqualTo(503);
            assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void gives_an_image_the_same_vector_whichever_way_it_comes(String format) throws IOException {
        byte[] file = Pictures.picture(format);
        String base64 = Base64.getEncoder().encodeToString(file);
        JsonNode json = data(api.json("/embed", "{\"inputs\": {\"image\": \"" + base64 + "\"}}"));
        JsonNode uri =
                data(
                        api.json(
                                "/embed",
                                "{\"inputs\": [{\"image\": \"data:image/x;base64,"
                                        + base64
                                        + "\"}]}"));
        JsonNode body = data(api.post("/embed", "image/" + format, file));
        JsonNode form = data(api.post("/embed", "multipart/form-data; boundary=B", form(file)));

        assertThat(json.at("/0/embedding")).hasSize(32);
        assertThat(uri).isEqualTo(json);
        assertThat(body).isEqualTo(json);
        assertThat(form).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/embed%", "/a|b", "/info?x={}"})
    void says_of_a_path_that_no_url_has_what_is_wrong(String path) throws IOException {
        String answer = RawHttp.get(apiUrl.getPort(), path);

        if (path.startsWith("/info")) {
            assertThat(answer).startsWith("HTTP/1.1 200");
        } else {
            String status = path.contains("%") ? "400" : "404";
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status)
                    .contains("application/problem+json");
        }
    }

    static Stream<Arguments> badImages() {
        return Stream.of(
                Arguments.of("truncated JPEG", Pictures.truncatedJpeg(), 422, "image-unreadable"),
                Arguments.of(
                        "50,000 x 50,000",
                        Pictures.png(50_000, 50_000, 100),
                        413,
                        "image-too-large"),
                Arguments.of(
                        "PNG bomb",
                        Pictures.png(20_000, 20_000, 100_000_000),
                        413,
                        "image-too-large"),
                Arguments.of(
                        "PNG without its pixels",
                        Pictures.png(64, 64, 10),
                        422,
                        "image-unreadable"),
                Arguments.of("zip archive", Pictures.zip(), 422, "image-unreadable"),
                Arguments.of("text", "not an image".getBytes(UTF_8), 422, "image-unreadable"),
                Arguments.of("nothing", new byte[0], 422, "image-unreadable"),
                Arguments.of("AVIF", Pictures.avif(), 422, "image-unreadable"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badImages")
    void refuses_a_bad_image_and_serves_the_next_call(
            String name, byte[] file, int status, String type) throws IOException {
        String base64 = Base64.getEncoder().encodeToString(file);
        String inputs = "[\"ok\", {\"image\": \"" + base64 + "\"}]";
        HttpResponse<String> fail = api.json("/embed", "{\"inputs\": " + inputs + "}");
        assertThat(fail.statusCode()).as(fail.body()).isEqualTo(status);
        assertThat(fail.body()).contains("/problems/" + type).contains("\"index\":1");
        assertThat(fail.body()).doesNotContain("Exception");

        JsonNode items =
                data(api.json("/embed", "{\"inputs\": " + inputs + ", \"on_error\": \"item\"}"));
        assertThat(items.at("/0/embedding")).hasSize(32);
        assertThat(items.at("/1/error/status").asInt()).isEqualTo(status);
    }

    @Test
    void refuses_an_unsupported_image_as_body_by_its_media_type() {
        assertThat(api.post("/embed", "image/avif", Pictures.avif()).statusCode()).isEqualTo(415);
    }

    @Test
    void gives_a_text_the_same_vector_alone_and_among_others() throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            texts.add("text number " + i + " and more ".repeat(i % 3));
        }
        JsonNode together =
                data(api.json("/embed", "{\"inputs\": " + JSON.writeValueAsString(texts) + "}"));
        for (int i = 0; i < 100; i += 9) {
            JsonNode alone =
                    data(
                            api.json(
                                    "/embed",
                                    "{\"inputs\": " + JSON.writeValueAsString(texts.get(i)) + "}"));
            assertThat(together.at("/" + i + "/index").asInt()).isEqualTo(i);
            for (int d = 0; d < 32; d++) {
                assertThat(together.at("/" + i + "/embedding/" + d).asDouble())
                        .isCloseTo(alone.at("/0/embedding/" + d).asDouble(), within(1e-4));
            }
        }
    }

    @Test
    void compares_images_texts_and_what_was_stored_of_them() throws IOException {
        String image = Base64.getEncoder().encodeToString(Pictures.picture("png"));
        JsonNode stored =
                JSON.readTree(
                        api.json(
                                        "/embed",
                                        "{\"inputs\": [\"a red\", {\"image\": \""
                                                + image
                                                + "\"}], \"types\": [\"base64\"]}")
                                .body());
        String space = stored.path("space").asText();
        String b =
                "[{\"embedding\": \"%s\"}, {\"embedding\": \"%s\"}]"
                        .formatted(
                                stored.at("/data/0/embeddings/base64").asText(),
                                stored.at("/data/1/embeddings/base64").asText());
        JsonNode scores =
                JSON.readTree(
                                api.json(
                                                "/similarity",
                                                "{\"a\": [\"a red\", {\"image\": \""
                                                        + image
                                                        + "\"}], \"b\": "
                                                        + b
                                                        + ", \"space\": \""
                                                        + space
                                                        + "\", \"mode\": \"pairs\"}")
                                        .body())
                        .path("scores");
        assertThat(scores.get(0).asDouble()).isGreaterThan(0.9999);
        assertThat(scores.get(1).asDouble()).isGreaterThan(0.9999);
    }

    @Test
    void answers_probes_and_metrics_on_the_management_port_only() {
        for (String probe : List.of("started", "live", "ready")) {
            assertThat(management.get("/q/health/" + probe).statusCode()).isEqualTo(200);
            assertThat(api.get("/q/health/" + probe).statusCode()).isEqualTo(404);
        }
        assertThat(api.get("/q/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void counts_under_the_documented_names() {
        String image = Base64.getEncoder().encodeToString(Pictures.picture("png"));
        api.json("/embed", "{\"inputs\": [\"a red\", {\"image\": \"" + image + "\"}]}");
        api.json("/embed", "{\"inputs\": [\"\"]}");
        api.json(
                "/embed",
                "{\"inputs\": \"" + "red ".repeat(99) + "\", \"long_text\": \"truncate_end\"}");
        String metrics = management.get("/q/metrics").body();
        assertThat(metrics)
                .contains("cospace_items_total{modality=\"text\",outcome=\"ok\"}")
                .contains("cospace_items_total{modality=\"image\",outcome=\"ok\"}")
                .contains("cospace_items_total{modality=\"text\",outcome=\"text-empty\"}")
                .contains("cospace_rejected_total{reason=\"text-empty\"}")
                .contains("cospace_batch_items_bucket{modality=\"text\"")
                .contains("cospace_batch_cost_bucket{modality=\"text\"")
                .contains("cospace_batch_padding_ratio_bucket{modality=\"text\"")
                .contains("cospace_cache_total{result=\"miss\"}")
                .contains("cospace_model_info{")
                .containsPattern("cospace_truncated_total [1-9]")
                .containsPattern("\ncospace_queue_items \\d")
                .containsPattern("\ncospace_queue_seconds \\d")
                .containsPattern("\ncospace_saturation \\d")
                .containsPattern("\ncospace_native_memory_bytes \\d");
        for (String stage : List.of("prepare", "queue", "run")) {
            for (String modality : List.of("text", "image")) {
                assertThat(metrics)
                        .contains(
                                "cospace_stage_seconds_bucket{modality=\"%s\",stage=\"%s\""
                                        .formatted(modality, stage));
            }
        }
        assertThat(metrics)
                .contains("cospace_stage_seconds_bucket{modality=\"any\",stage=\"encode\"");
    }

    @Test
    void publishes_the_contract_of_the_repository() throws JsonProcessingException {
        HttpResponse<String> published = api.get("/q/openapi");
        assertThat(new YAMLMapper().readTree(published.body())).isEqualTo(Contract.root());
        assertThat(api.get("/q/swagger-ui/").statusCode()).isEqualTo(200);
    }

    @Test
    void says_of_a_served_bundle_what_its_manifest_says() throws IOException {
        JsonNode model = JSON.readTree(api.get("/info").body()).at("/models/0");
        assertThat(model.path("model").asText()).isEqualTo("tiny/1");
        assertThat(model.path("dimensions").asInt()).isEqualTo(32);
        assertThat(model.path("max_tokens").asInt()).isEqualTo(32);
        assertThat(model.at("/towers/text/device").asText()).isEqualTo("cpu");
        assertThat(model.at("/towers/image/precision").asText()).isEqualTo("fp32");
        assertThat(model.at("/towers/image/quality/fp32").isObject()).isTrue();
        JsonNode loss = model.at("/towers/text/quality/int8");
        assertThat(loss.path("cosine_to_fp32.mean").asDouble()).isBetween(0.9, 1.0);
        assertThat(loss.path("cosine_to_fp32.min").asDouble()).isBetween(0.9, 1.0);
    }

    private static JsonNode data(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("data");
    }

    private static byte[] form(byte[] file) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(
                "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
                        .getBytes(UTF_8));
        body.write(file);
        body.write("\r\n--B--\r\n".getBytes(UTF_8));
        return body.toByteArray();
    }
}
