package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that writes given bytes for each request of one byte. */
@Timeout(30)
class HttpConnectionTest {
    private ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void reads_bodies_of_known_length_on_one_connection() throws IOException {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        try (HttpConnection connection = connection()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            assertThat(connection.send(new byte[1], body))
                    .isEqualTo(new Connection.Answer(200, 5, false));
            assertThat(connection.send(new byte[1], body).status()).isEqualTo(200);
            assertThat(body).hasToString("hellohello");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void reads_chunks_with_extensions_and_trailers() throws IOException {
        serve(
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 503 Busy\r\ntransfer-encoding: Chunked\r\n\r\n",
                "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n");
        try (HttpConnection connection = connection()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            assertThat(connection.send(new byte[1], body))
                    .isEqualTo(new Connection.Answer(503, 15, false));
            assertThat(body).hasToString("hello0123456789");
            assertThat(connection.send(new byte[1], null).bytes()).isEqualTo(15);
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void opens_again_after_the_server_closed() throws IOException {
        serve("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
        try (HttpConnection connection = connection()) {
            assertThat(connection.send(new byte[1], null).status()).isEqualTo(200);
            assertThat(connection.send(new byte[1], null).status()).isEqualTo(200);
        }
        assertThat(connections).hasValue(2);
    }

    @Test
    void a_server_that_only_hangs_up_is_an_error() {
        serve();
        try (HttpConnection connection = connection()) {
            assertThatThrownBy(() -> connection.send(new byte[1], null))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void refuses_what_is_no_http() {
        for (String answer :
                List.of(
                        "SSH-2.0-x\r\n\r\n",
                        "HTTP/1.1 200 OK\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                        "x".repeat(100_000))) {
            serve(answer);
            try (HttpConnection connection = connection()) {
                assertThatThrownBy(() -> connection.send(new byte[1], null))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    private HttpConnection connection() {
        return new HttpConnection(
                (InetSocketAddress) server.getLocalSocketAddress(), Duration.ofSeconds(5));
    }

    /** Answers each byte; hangs up behind an answer that says so or when there is none. */
    private void serve(String... parts) {
        String answer = String.join("", parts);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket socket = server.accept();
                            connections.incrementAndGet();
                            Thread.ofVirtual().start(() -> answer(socket, answer));
                        }
                    } catch (IOException e) {
                        // The test is over.
                    }
                });
    }

    private static void answer(Socket socket, String answer) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0 && !answer.isEmpty()) {
                socket.getOutputStream().write(answer.getBytes(UTF_8));
                if (answer.contains("close")) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client hung up first.
        }
    }
}
