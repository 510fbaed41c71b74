package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Tower;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies of lines, and answers of lines. */
@Timeout(60)
class BulkTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NDJSON = "application/x-ndjson";
    private static final String HEAD =
            "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    @Test
    void answers_each_line_with_its_id_and_an_error_as_a_line() throws IOException {
        String body =
                """
                {"dimensions": 4, "task": "query"}
                {"id": "a", "text": "a cat"}
                {"id": 7, "image": "SU1H"}

                "a bare text"
                {"id": "b", "text": ""}
                {"id": "c", "text": "a cat"
                {"id": "d", "texts": "a cat"}
                {"id": "e", "text": "a cat", "task": "document"}\
                """;
        try (FakeServer server = FakeServer.start()) {
            HttpResponse<String> response =
                    server.client().post("/embed", NDJSON, body.getBytes(UTF_8));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Cospace-Model")).hasValue("fake/1");
            assertThat(response.headers().firstValue("Cospace-Space")).hasValue(FakeModel.SPACE);
            assertThat(response.headers().firstValue("Cospace-Dimensions")).hasValue("4");
            List<JsonNode> lines = byIndex(response.body().lines().toList());
            assertThat(lines).hasSize(7);
            assertThat(lines.get(0).path("id").asText()).isEqualTo("a");
            assertThat(lines.get(0).path("embedding")).hasSize(4);
            assertThat(lines.get(1).path("id").isInt()).isTrue();
            assertThat(lines.get(1).path("modality").asText()).isEqualTo("image");
            assertThat(lines.get(2).has("id")).isFalse();
            assertThat(lines.get(2).path("tokens").asInt()).isEqualTo(5);
            assertThat(lines.get(3).at("/error/type").asText()).isEqualTo("/problems/text-empty");
            assertThat(lines.get(4).at("/error/detail").asText()).contains("ends too early");
            assertThat(lines.get(4).path("id").asText()).isEqualTo("c");
            assertThat(lines.get(5).at("/error/errors/0/pointer").asText()).isEqualTo("/texts");
            assertThat(lines.get(6).path("embedding")).isNotEqualTo(lines.get(0).path("embedding"));
        }
    }

    @Test
    void refuses_a_call_whose_first_line_is_not_its_options() {
        String[][] cases = {
            {"{\"text\": \"a\"}\n", "400", "the first line holds the options"},
            {"", "400", "the body is empty"},
            {"{\"on_error\": \"fail\"}\n", "400", "lines fail alone"},
            {"{\"dimensions\": 3}\n", "422", "dimensions is 3"},
            {"{\"model\": \"other\"}\n", "404", "not served here"},
            {"[1]\n", "400", "must be an object"},
        };
        try (FakeServer server = FakeServer.start()) {
            for (String[] one : cases) {
                HttpResponse<String> response =
                        server.client().post("/embed", NDJSON, one[0].getBytes(UTF_8));
                assertThat(response.statusCode())
                        .as(response.body())
                        .isEqualTo(Integer.parseInt(one[1]));
                assertThat(response.body()).contains(one[2]);
            }
            assertThat(
                            server.client()
                                    .post("/embed", NDJSON, new byte[0], "Accept", "text/csv")
                                    .statusCode())
                    .isEqualTo(406);
            assertThat(
                            server.client()
                                    .post("/embed", NDJSON, new byte[0], "Content-Encoding", "gzip")
                                    .statusCode())
                    .isEqualTo(415);
        }
    }

    @Test
    void answers_a_list_in_lines_where_the_caller_accepts_them() throws IOException {
        try (FakeServer server = FakeServer.start()) {
            StringBuilder inputs = new StringBuilder("\"\"");
            for (int i = 1; i < 700; i++) {
                inputs.append(", \"word ").append(i).append('"');
            }
            HttpResponse<String> response =
                    server.client()
                            .json("/embed", "{\"inputs\": [" + inputs + "]}", "Accept", NDJSON);
            assertThat(response.statusCode()).isEqualTo(200);
            List<JsonNode> lines = byIndex(response.body().lines().toList());
            assertThat(lines).hasSize(700);
            assertThat(lines.get(0).has("error")).isTrue();
            assertThat(lines.get(699).path("embedding")).hasSize(8);
        }
    }

    @Test
    void reads_and_answers_at_once_without_end() throws Exception {
        int count = 30_000;
        try (FakeServer server = FakeServer.start();
                Socket socket = connect(server)) {
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> sendLines(socket, count));
            BitSet seen = new BitSet();
            try (BufferedReader in = reader(socket)) {
                String line;
                while (seen.cardinality() < count && (line = in.readLine()) != null) {
                    if (line.startsWith("{\"index\":")) {
                        int index = Integer.parseInt(line.substring(9, line.indexOf(',')));
                        assertThat(seen.get(index)).as("once").isFalse();
                        assertThat(line).contains("\"id\":\"n" + index + "\"");
                        seen.set(index);
                    }
                }
            }
            sent.get(10, TimeUnit.SECONDS);
            assertThat(seen.cardinality()).isEqualTo(count);
        }
    }

    private static void sendLines(Socket socket, int count) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(CHUNKED.getBytes(UTF_8));
            out.write(chunk("{}\n"));
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append("{\"id\":\"n%d\",\"text\":\"word %d\"}\n".formatted(i, i));
                if (i % 100 == 99) {
                    out.write(chunk(lines.toString()));
                    lines.setLength(0);
                }
            }
            out.write("0\r\n\r\n".getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void does_not_read_a_client_that_does_not_read() throws Exception {
        byte[] lines = "{\"text\":\"a word or two\"}\n".repeat(4_000).getBytes(UTF_8);
        long most = 400L << 20;
        try (FakeServer server = FakeServer.start();
                SocketChannel channel =
                        SocketChannel.open(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), server.port()))) {
            channel.write(
                    ByteBuffer.wrap(
                            (HEAD + "Content-Length: " + most + "\r\n\r\n{}\n").getBytes(UTF_8)));
            channel.configureBlocking(false);
            long sent = 0;
            int refused = 0;
            ByteBuffer piece = ByteBuffer.wrap(lines);
            while (refused < 20 && sent < most - lines.length) {
                int written = channel.write(piece);
                sent += written;
                if (!piece.hasRemaining()) {
                    piece.rewind();
                }
                if (written == 0) {
                    refused++;
                    Thread.sleep(50);
                } else {
                    refused = 0;
                }
            }
            assertThat(sent).as("bytes that went into buffers").isLessThan(100L << 20);
        }
    }

    @Test
    void tells_a_client_that_pauses_too_long_and_one_that_sends_a_byte_now_and_then()
            throws Exception {
        try (FakeServer server = FakeServer.impatient(300)) {
            try (Socket socket = connect(server)) {
                write(socket, CHUNKED + new String(chunk("{}\n\"a\"\n"), UTF_8));
                String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
                assertThat(answer)
                        .startsWith("HTTP/1.1 200")
                        .contains("{\"index\":0,")
                        .contains("{\"error\":{\"type\":\"/problems/request-timeout\"");
            }
            for (String type : new String[] {"application/json", NDJSON}) {
                try (Socket socket = connect(server)) {
                    write(
                            socket,
                            "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                    + type
                                    + "\r\nContent-Length: 5000\r\n\r\n");
                    CompletableFuture<String> answer =
                            CompletableFuture.supplyAsync(() -> readAll(socket));
                    while (!answer.isDone()) {
                        trickle(socket);
                    }
                    assertThat(answer.join())
                            .startsWith("HTTP/1.1 408")
                            .contains("/problems/request-timeout");
                }
            }
        }
    }

    private static void trickle(Socket socket) throws InterruptedException {
        try {
            write(socket, " ");
        } catch (IOException _) {
            // Answered and closed in between.
        }
        Thread.sleep(50);
    }

    @Test
    void answers_a_line_that_is_too_long_as_such_and_reads_on() throws IOException {
        byte[] body = ("{}\n\"" + "x".repeat(33_600_000) + "\"\n\"a\"\n").getBytes(UTF_8);
        try (FakeServer server = FakeServer.start()) {
            HttpResponse<String> response = server.client().post("/embed", NDJSON, body);
            List<JsonNode> lines = byIndex(response.body().lines().toList());
            assertThat(lines.get(0).at("/error/type").asText())
                    .isEqualTo("/problems/body-too-large");
            assertThat(lines.get(1).path("embedding")).hasSize(8);
        }
    }

    @Test
    void gives_the_lines_up_whose_client_goes() throws Exception {
        CompletableFuture<Tower.Run> pending = new CompletableFuture<>();
        CompletableFuture<Void> submitted = new CompletableFuture<>();
        try (FakeServer server =
                FakeServer.withTower(() -> {
                    submitted.complete(null);
                    return pending;
                })) {
            try (Socket socket = connect(server)) {
                write(socket, CHUNKED + new String(chunk("{}\n\"a\"\n"), UTF_8));
                submitted.get(10, TimeUnit.SECONDS);
            }
            assertThat(pending).failsWithin(Duration.ofSeconds(10));
            assertThat(pending).isCancelled();
        }
    }

    @Test
    void ends_a_bulk_call_with_a_line_that_says_why_when_the_process_leaves() throws Exception {
        Admission admission = Doors.open();
        try (FakeServer server = FakeServer.behind(admission);
                Socket socket = connect(server)) {
            write(socket, CHUNKED + new String(chunk("{}\n\"a\"\n"), UTF_8));
            BufferedReader in = reader(socket);
            String line = in.readLine();
            while (!line.startsWith("{\"index\":0,")) {
                line = in.readLine();
            }
            admission.drain();
            StringBuilder rest = new StringBuilder();
            int c;
            while ((c = in.read()) >= 0) {
                rest.append((char) c);
            }
            assertThat(rest.toString())
                    .contains("{\"error\":{\"type\":\"/problems/draining\"")
                    .endsWith("0\r\n\r\n");
        }
    }

    private static List<JsonNode> byIndex(List<String> lines) throws IOException {
        List<JsonNode> sorted = new ArrayList<>();
        for (String line : lines) {
            sorted.add(JSON.readTree(line));
            Contract.checkBody(Contract.root().at("/components/schemas/Line"), line);
        }
        sorted.sort((a, b) -> Integer.compare(a.path("index").asInt(), b.path("index").asInt()));
        return sorted;
    }

    private static byte[] chunk(String text) {
        return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(UTF_8);
    }

    private static Socket connect(FakeServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private static String readAll(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }
}
