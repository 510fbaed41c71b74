import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/**
 * Runs the service as it will be run, with a little of everything that callers ask of it, and ends
 * it: Java then writes the AOT cache of what was used. Any failure stops the build of the image.
 */
final class Train {

    private static final Path CACHE = Path.of("/app/app.aot");
    private static final URI API = URI.create("http://127.0.0.1:8080/");
    private static final URI MANAGEMENT = URI.create("http://127.0.0.1:9000/");
    private static final int ROUNDS = 40;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Train() {}

    public static void main(String[] arguments) throws Exception {
        Process service = start();
        try {
            Train train = new Train();
            train.awaitReady(service);
            for (int round = 0; round < ROUNDS; round++) {
                train.callAll(round);
            }
            service.destroy();
            if (!service.waitFor(3, TimeUnit.MINUTES) || service.exitValue() != 0) {
                throw new IllegalStateException("the service did not end well: " + service);
            }
        } finally {
            service.destroyForcibly();
        }
        System.out.printf("%s: %,d bytes%n", CACHE, Files.size(CACHE));
    }

    private static Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "/opt/java/bin/java",
                        "@/app/jvm.options",
                        "-XX:AOTCacheOutput=" + CACHE,
                        "-jar",
                        "/app/quarkus-run.jar");
        builder.environment().put("COSPACE_DRAIN_DELAY", "0s");
        builder.environment().put("COSPACE_DEVICE", "cpu");
        return builder.inheritIO().directory(Path.of("/app").toFile()).start();
    }

    private void awaitReady(Process service) throws Exception {
        while (true) {
            if (!service.isAlive()) {
                throw new IllegalStateException("the service ended before it was ready");
            }
            try {
                if (get(MANAGEMENT, "q/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // Not listening yet.
            }
            Thread.sleep(100);
        }
    }

    private void callAll(int round) throws Exception {
        byte[] jpeg = picture("jpeg", 320, 240);
        byte[] png = picture("png", 200, 260);
        String photo = Base64.getEncoder().encodeToString(round % 2 == 0 ? jpeg : png);
        post(
                "embed",
                "application/json",
                ("{\"inputs\": [\"round %d\", \"ein rotes Fahrrad\", {\"text\": \"写真\","
                                + " \"task\": \"query\"}, {\"image\": \"%s\"}],"
                                + " \"types\": [\"float\", \"base64\"]}")
                        .formatted(round, photo));
        post(
                "similarity",
                "application/json",
                "{\"a\": [{\"image\": \"%s\"}], \"b\": [\"a cat\", \"gato %d\"], \"top_k\": 1}"
                        .formatted(photo, round));
        post(
                "embed",
                "application/x-ndjson",
                "{}\n{\"id\": 1, \"text\": \"line %d\"}\n{\"id\": 2, \"text\": \"Zeile\"}\n"
                        .formatted(round));
        post(
                "v1/embeddings",
                "application/json",
                "{\"model\": \"%s\", \"input\": [\"as OpenAI has it %d\"]}"
                        .formatted(model(), round));
        post("tokenize", "application/json", "{\"inputs\": [\"Fahrrad\"]}");
        send(request(API, "embed").header("Content-Type", "image/jpeg"), jpeg);
        get(API, "info");
        get(MANAGEMENT, "q/metrics");
        get(MANAGEMENT, "q/health/live");
        grpc("cospace.v1.Embedder/Info");
        grpc("cospace.v1.Embedder/Embed", 0x0a, 3, 0x0a, 1, 'a'); // {inputs: {text: "a"}}
    }

    private static void grpc(String method, int... message) throws IOException {
        byte[] bytes = new byte[message.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) message[i];
        }
        if (GrpcCall.send(8080, method, bytes).length == 0) {
            throw new IllegalStateException(method + " has no answer");
        }
    }

    private static String model() throws IOException {
        try (var names = Files.list(Path.of("/models"))) {
            return names.findFirst().orElseThrow().getFileName().toString();
        }
    }

    private static byte[] picture(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x << 16) ^ (y << 8) ^ (x * y));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("no writer of " + format);
        }
        return bytes.toByteArray();
    }

    private void post(String path, String type, String body) throws Exception {
        requireOk(send(request(API, path).header("Content-Type", type), body.getBytes("UTF-8")));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, byte[] body) throws Exception {
        return client.send(
                request.POST(BodyPublishers.ofByteArray(body)).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(URI base, String path) throws Exception {
        return client.send(request(base, path).build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(URI base, String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(60));
    }

    private static void requireOk(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    response.uri()
                            + " answers "
                            + response.statusCode()
                            + ": "
                            + new String(response.body()));
        }
    }
}
