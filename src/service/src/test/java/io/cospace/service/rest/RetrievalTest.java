package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The served default bundle finds what the evaluation finds. The figures are those of {@code
 * ./cospace evaluate models/mini-multilingual/2 --pairs SUBSET --group-by nothing --json}, group
 * "all", where SUBSET is every 16th sample of {@code models/pairs/test-0000.tar}.
 */
@QuarkusTest
@TestProfile(RetrievalTest.DefaultBundle.class)
@SuppressWarnings("NullAway.Init") // injected
@Timeout(300)
class RetrievalTest {
    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVERY = 16;
    private static final int PAIRS = 31;
    private static final int BLOCK = 512;

    /** Other processors round other near ties: a query of the 31. */
    private static final double ONE_QUERY = 1.01 / PAIRS;

    private static final Map<Integer, Double> TO_TEXT =
            Map.of(1, 12.0 / PAIRS, 5, 23.0 / PAIRS, 10, 28.0 / PAIRS);
    private static final Map<Integer, Double> TO_IMAGE =
            Map.of(1, 10.0 / PAIRS, 5, 21.0 / PAIRS, 10, 28.0 / PAIRS);

    @TestHTTPResource("/")
    private URL apiUrl;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    /** The bundle of this checkout. */
    public static final class DefaultBundle implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("cospace.model", ROOT.resolve("models/mini-multilingual/2").toString());
        }
    }

    /** The image in Base64, as it is sent. */
    private record Drawing(String image, String caption) {}

    @Test
    void served_vectors_retrieve_as_evaluated() throws Exception {
        List<Drawing> drawings = drawings();
        assertThat(drawings).hasSize(PAIRS);
        ApiClient api = new ApiClient("http://localhost:" + apiUrl.getPort());
        awaitReady();
        double[][] images = new double[PAIRS][];
        double[][] texts = new double[PAIRS][];
        for (int i = 0; i < PAIRS; i++) {
            ObjectNode call = JSON.createObjectNode();
            ArrayNode inputs = call.putArray("inputs");
            inputs.addObject().put("image", drawings.get(i).image());
            inputs.add(drawings.get(i).caption());
            HttpResponse<String> answer = api.json("/embed", JSON.writeValueAsString(call));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode data = JSON.readTree(answer.body()).path("data");
            images[i] = vector(data.at("/0/embedding"));
            texts[i] = vector(data.at("/1/embedding"));
        }
        for (int k : List.of(1, 5, 10)) {
            assertThat(recall(images, texts, k))
                    .as("image to text, R@%d", k)
                    .isCloseTo(TO_TEXT.get(k), within(ONE_QUERY));
            assertThat(recall(texts, images, k))
                    .as("text to image, R@%d", k)
                    .isCloseTo(TO_IMAGE.get(k), within(ONE_QUERY));
        }
    }

    /** The share of queries whose own candidate has fewer than k better ones. */
    private static double recall(double[][] queries, double[][] candidates, int k) {
        int hits = 0;
        for (int q = 0; q < queries.length; q++) {
            double own = dot(queries[q], candidates[q]);
            int better = 0;
            for (double[] candidate : candidates) {
                better += dot(queries[q], candidate) > own ? 1 : 0;
            }
            hits += better < k ? 1 : 0;
        }
        return (double) hits / queries.length;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] vector(JsonNode json) {
        double[] vector = new double[json.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = json.get(i).asDouble();
        }
        return vector;
    }

    /** Every 16th sample of the tar that shows no emoji: image, then JSON. */
    private static List<Drawing> drawings() throws IOException {
        byte[] tar = Files.readAllBytes(ROOT.resolve("models/pairs/test-0000.tar"));
        List<Drawing> drawings = new ArrayList<>();
        String image = "";
        int sample = -1;
        for (int at = 0; at + BLOCK <= tar.length && tar[at] != 0; ) {
            String name = text(tar, at, 100);
            int size = Integer.parseInt(text(tar, at + 124, 12).strip(), 8);
            byte[] content = Arrays.copyOfRange(tar, at + BLOCK, at + BLOCK + size);
            at += BLOCK + Math.ceilDiv(size, BLOCK) * BLOCK;
            if (!name.endsWith(".json")) {
                image = Base64.getEncoder().encodeToString(content);
                sample++;
            } else if (sample % EVERY == 0) {
                JsonNode json = JSON.readTree(content);
                if (json.path("emoji").asText().isEmpty()) {
                    drawings.add(new Drawing(image, json.path("caption").asText()));
                }
            }
        }
        return drawings;
    }

    private static String text(byte[] tar, int from, int most) {
        int to = from;
        while (to < from + most && tar[to] != 0) {
            to++;
        }
        return new String(tar, from, to - from, StandardCharsets.US_ASCII);
    }

    private void awaitReady() throws InterruptedException {
        ApiClient management = new ApiClient("http://localhost:" + managementUrl.getPort());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(200);
        while (management.get("/q/health/ready").statusCode() != 200) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
            Thread.sleep(50);
        }
    }
}
