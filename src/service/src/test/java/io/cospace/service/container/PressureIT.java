package io.cospace.service.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container that runs out of room. */
@Timeout(600)
class PressureIT {

    @BeforeAll
    static void requireDocker() {
        ServedContainer.requireDocker();
    }

    /** Photographs of twelve megapixels and texts of twenty pages, eight calls at a time. */
    @Test
    void keeps_within_its_memory_under_large_images_and_long_texts() throws Exception {
        byte[] photo = photo(4000, 3000);
        byte[] text =
                "{\"inputs\": [\"%s\"], \"long_text\": \"pool\"}"
                        .formatted("Every human being has the right to life. ".repeat(1000))
                        .getBytes(UTF_8);
        try (ServedContainer served = new ServedContainer();
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            served.start();
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int call = 0; call < 40; call++) {
                boolean image = call % 4 != 0;
                answers.add(
                        callers.submit(() ->
                                Http.post(
                                        served.api("/embed"),
                                        image ? "image/jpeg" : "application/json",
                                        image ? photo : text)));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode())
                        .as(answer.get().body() + served.getLogs())
                        .isIn(200, 503);
            }
            assertThat(served.inspect().getState().getOOMKilled()).isFalse();
            assertThat(Http.get(served.management("/q/health/ready")).statusCode()).isEqualTo(200);
            assertThat(served.getLogs()).doesNotContain("OutOfMemoryError");
        }
    }

    /** Its folder for temporary files holds next to nothing, and its access log fills that. */
    @Test
    void serves_on_when_the_disk_is_full() throws Exception {
        try (ServedContainer served =
                new ServedContainer()
                        .withTmp("32k")
                        .withEnv("COSPACE_ACCESS_LOG_ENABLED", "true")
                        .withEnv("COSPACE_ACCESS_LOG_FILE", "/tmp/access.log")) {
            served.start();
            byte[] photo = photo(640, 480);
            for (int call = 0; call < 200; call++) {
                HttpResponse<String> answer = Http.post(served.api("/embed"), "image/jpeg", photo);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            assertThat(Http.get(served.management("/q/health/ready")).statusCode()).isEqualTo(200);
            served.terminate();
            assertThat(served.exitCode()).isZero();
        }
    }

    /** A picture that compresses badly, from a fixed seed. */
    private static byte[] photo(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x << 8) ^ y ^ random.nextInt(1 << 18));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "jpeg", bytes)).isTrue();
        return bytes.toByteArray();
    }
}
