package io.cospace.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever asks gets the vectors of what was asked, however many ask at once. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected
@Timeout(120)
class OwnershipTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALLERS = 64;
    private static final int CALLS_EACH = 32;
    private static final int MOST_INPUTS = 64;

    /** Each fifth is an image; all have distinct vectors. */
    private static final int INPUTS = 640;

    /** Rounding differs with the shape of a batch. */
    private static final double SAME = 0.99999;

    private static final double DISTINCT = 0.9999;

    @TestHTTPResource("/")
    private URL url;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void gives_64_callers_at_once_each_the_vectors_of_what_it_asked() throws Exception {
        awaitReady();
        List<JsonNode> inputs = new ArrayList<>();
        List<float[]> references = new ArrayList<>();
        SplittableRandom numbers = new SplittableRandom(1);
        while (inputs.size() < INPUTS) {
            JsonNode input = input(inputs.size(), numbers);
            float[] vector = embed(List.of(input)).getFirst();
            // If two were alike, one given for the other would not be seen.
            if (references.stream().allMatch(other -> cosine(other, vector) < DISTINCT)) {
                inputs.add(input);
                references.add(vector);
            }
        }

        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                SplittableRandom random = new SplittableRandom(caller);
                callers.add(
                        pool.submit(() -> {
                            for (int call = 0; call < CALLS_EACH; call++) {
                                compare(inputs, references, random);
                            }
                            return null;
                        }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }

    private void compare(List<JsonNode> inputs, List<float[]> references, SplittableRandom random)
            throws Exception {
        int count = 1 + random.nextInt(MOST_INPUTS);
        int[] places = random.ints(count, 0, INPUTS).toArray();
        List<JsonNode> asked = new ArrayList<>();
        for (int place : places) {
            asked.add(inputs.get(place));
        }
        List<float[]> answers = embed(asked);
        assertThat(answers).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(cosine(answers.get(i), references.get(places[i])))
                    .as("input %d, %d of %d", places[i], i, count)
                    .isGreaterThan(SAME);
        }
    }

    private static JsonNode input(int index, SplittableRandom random) throws IOException {
        ObjectNode input = JSON.createObjectNode();
        return index % 5 == 0
                ? input.put("image", Base64.getEncoder().encodeToString(image(random)))
                : input.put("text", text(index, random));
    }

    private static String text(int index, SplittableRandom random) {
        StringBuilder text = new StringBuilder(Integer.toString(index));
        for (int word = random.nextInt(10); word >= 0; word--) {
            text.append(' ').append(Integer.toString(random.nextInt(100_000), 36));
        }
        return text.substring(0, Math.min(24, text.length()));
    }

    private static byte[] image(SplittableRandom random) throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 64; pixel++) {
            image.setRGB(pixel % 8, pixel / 8, random.nextInt(1 << 24));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private List<float[]> embed(List<JsonNode> inputs) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode list = body.putArray("inputs");
        inputs.forEach(list::add);
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(uri(url, "/embed"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode item : JSON.readTree(answer.body()).get("data")) {
            assertThat(item.get("index").asInt()).isEqualTo(vectors.size());
            vectors.add(JSON.convertValue(item.get("embedding"), float[].class));
        }
        return vectors;
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private void awaitReady() throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(uri(managementUrl, "/q/health/ready")).build();
        while (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static URI uri(URL base, String path) {
        return URI.create("http://localhost:" + base.getPort() + path);
    }
}
