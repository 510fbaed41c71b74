package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.admission.Doors;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the door says over HTTP. */
@Timeout(60)
class KeysTest {

    private static final String TEXT = "{\"inputs\": \"a\"}";

    @TempDir Path folder;

    private FakeServer keyed(String... lines) throws Exception {
        return FakeServer.behind(
                Doors.keyed(Files.writeString(folder.resolve("keys"), String.join("", lines))));
    }

    @Test
    void asks_for_a_key_on_every_call_but_not_for_info_and_pages() throws Exception {
        try (FakeServer server = keyed(Doors.line("alpha", "search"))) {
            for (String path : new String[] {"/embed", "/similarity", "/tokenize"}) {
                HttpResponse<String> response = server.client().json(path, TEXT);
                assertThat(response.statusCode()).isEqualTo(401);
                assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
                assertThat(response.body()).contains("/problems/unauthorized");
            }
            assertThat(server.client().get("/info").statusCode()).isEqualTo(200);
            assertThat(server.client().get("/problems").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takes_a_key_as_bearer_or_by_its_own_header_and_no_other() throws Exception {
        try (FakeServer server = keyed(Doors.line("alpha", "search"))) {
            ApiClient client = server.client();
            assertThat(client.json("/embed", TEXT, "Authorization", "Bearer alpha").statusCode())
                    .isEqualTo(200);
            assertThat(client.json("/embed", TEXT, "X-API-Key", "alpha").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> other = client.json("/embed", TEXT, "X-API-Key", "beta");
            assertThat(other.statusCode()).isEqualTo(401);
            assertThat(other.body()).doesNotContain("beta");
        }
    }

    @Test
    void limits_the_items_of_a_key_and_says_what_is_left() throws Exception {
        String line = Doors.line("alpha", "search items_per_second=0.5 burst=4 concurrency=8");
        try (FakeServer server = keyed(line)) {
            ApiClient client = server.client();
            HttpResponse<String> first =
                    client.json(
                            "/embed", "{\"inputs\": [\"a\", \"b\", \"c\"]}", "X-API-Key", "alpha");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("RateLimit-Policy"))
                    .hasValue(
                            "\"items\";q=4;w=8;qu=\"items\","
                                    + " \"concurrency\";q=8;qu=\"concurrent-requests\"");
            assertThat(first.headers().firstValue("RateLimit").orElse(""))
                    .matches("\"items\";r=1;t=[56], \"concurrency\";r=7");

            HttpResponse<String> second =
                    client.json(
                            "/similarity",
                            "{\"a\": \"a\", \"b\": [\"b\", \"c\"]}",
                            "X-API-Key",
                            "alpha");
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body())
                    .contains("/problems/rate-limited")
                    .contains("this call has 3");
            assertThat(Long.parseLong(second.headers().firstValue("Retry-After").orElse("0")))
                    .isBetween(3L, 4L);
        }
    }

    @Test
    void refuses_by_the_predicted_wait_before_the_body_has_come() {
        try (FakeServer server = FakeServer.behind(Doors.waiting(Duration.ofMillis(12_300)))) {
            HttpResponse<String> response = server.client().json("/embed", TEXT);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("13");
            assertThat(response.body())
                    .contains("the predicted wait is 12300 ms; the longest is 10000 ms");
        }
        try (FakeServer server = FakeServer.behind(Doors.waiting(Duration.ofMillis(300)))) {
            assertThat(server.client().json("/embed", TEXT).statusCode()).isEqualTo(200);
            HttpResponse<String> hasty =
                    server.client().json("/embed", TEXT, "X-Request-Timeout-Ms", "200");
            assertThat(hasty.statusCode()).isEqualTo(503);
            assertThat(hasty.body()).contains("the time of this call is 200 ms");
        }
    }
}
