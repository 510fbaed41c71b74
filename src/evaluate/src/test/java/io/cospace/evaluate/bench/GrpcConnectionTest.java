package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server of the same method that answers a message with itself, or as it is told. */
@Timeout(60)
class GrpcConnectionTest {
    private static final Metadata.Key<String> PRIORITY =
            Metadata.Key.of("priority", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final AtomicReference<Status> failure = new AtomicReference<>(Status.OK);
    private final AtomicReference<@Nullable String> priority = new AtomicReference<>();
    private Server server;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        MethodDescriptor<byte[], byte[]> method =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("cospace.v1.Embedder/Embed")
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build();
        ServerCallHandler<byte[], byte[]> echo =
                ServerCalls.asyncUnaryCall((request, answers) -> {
                    if (failure.get().isOk()) {
                        answers.onNext(request);
                        answers.onCompleted();
                    } else {
                        Metadata trailers = new Metadata();
                        if (failure.get().getCode() == Status.Code.UNAVAILABLE) {
                            trailers.put(DETAILS, "..google.rpc.RetryInfo..".getBytes(UTF_8));
                        }
                        answers.onError(failure.get().asRuntimeException(trailers));
                    }
                });
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .maxInboundMessageSize(1 << 24)
                        .addService(
                                ServerServiceDefinition.builder("cospace.v1.Embedder")
                                        .addMethod(method, remembers(echo))
                                        .build())
                        .build()
                        .start();
        port = server.getPort();
    }

    private ServerCallHandler<byte[], byte[]> remembers(ServerCallHandler<byte[], byte[]> next) {
        return new ServerCallHandler<>() {
            @Override
            public ServerCall.Listener<byte[]> startCall(
                    ServerCall<byte[], byte[]> call, Metadata headers) {
                priority.set(headers.get(PRIORITY));
                return next.startCall(call, headers);
            }
        };
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    @Test
    void sends_bytes_and_headers_and_reads_bytes() throws IOException {
        try (Connection connection = connection("Priority: u=6")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            assertThat(connection.send("hello".getBytes(UTF_8), body))
                    .isEqualTo(new Connection.Answer(200, 5, false));
            assertThat(body).hasToString("hello");
            assertThat(priority).hasValue("u=6");
            // More than a window of HTTP/2 holds.
            assertThat(connection.send(new byte[10_000_000], null).bytes()).isEqualTo(10_000_000);
        }
    }

    @Test
    void failures_are_the_http_status_that_means_the_same() throws IOException {
        try (Connection connection = connection()) {
            failure.set(Status.UNAVAILABLE);
            assertThat(connection.send(new byte[1], null))
                    .isEqualTo(new Connection.Answer(503, 0, true));
            failure.set(Status.RESOURCE_EXHAUSTED);
            assertThat(connection.send(new byte[1], null))
                    .isEqualTo(new Connection.Answer(429, 0, false));
            failure.set(Status.INVALID_ARGUMENT.withDescription("too long"));
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            assertThat(connection.send(new byte[1], body).status()).isEqualTo(400);
            assertThat(body.toString(UTF_8)).contains("INVALID_ARGUMENT", "too long");
        }
    }

    @Test
    void a_server_that_is_not_there_is_no_answer() throws InterruptedException {
        server.shutdownNow().awaitTermination();
        try (Connection connection = connection()) {
            assertThatThrownBy(() -> connection.send(new byte[1], null))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_load_counts_calls() throws InterruptedException {
        Endpoint endpoint = Endpoint.of("grpc://localhost:" + port, Format.COSPACE);
        Workload workload =
                new Workload("w", List.of(List.of(new Item.Text("a"), new Item.Text("b"))));
        try (LoadRun run =
                new LoadRun(endpoint, workload, 2, new Arrivals.Closed(), OptionalLong.empty())) {
            run.probe();
            Sample sample = run.run(Duration.ofMillis(300));
            Traffic traffic = Objects.requireNonNull(sample.traffic());
            assertThat(traffic.failed()).isZero();
            assertThat(traffic.answered()).isPositive();
            assertThat(sample.items()).isEqualTo(2 * traffic.answered());
        }
    }

    private Connection connection(String... headers) {
        return new GrpcConnection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of(headers),
                Duration.ofSeconds(10));
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
