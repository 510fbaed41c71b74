package io.cospace.evaluate.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection with unary calls of {@code cospace.v1.Embedder/Embed}, one at a time, so
 * that a load of N connections is the same over gRPC and HTTP. Messages are bytes that were built
 * beforehand, and answers are not parsed. Not thread-safe.
 */
final class GrpcConnection implements Connection {
    private static final int MOST_BYTES = 256 << 20;

    private static final MethodDescriptor<byte[], byte[]> EMBED =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("cospace.v1.Embedder/Embed")
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(new Bytes())
                    .build();

    /** google.rpc.Status of a failed call, in binary. */
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final ManagedChannel channel;
    private final Channel withHeaders;
    private final Duration timeout;

    GrpcConnection(InetSocketAddress address, List<String> headers, Duration timeout) {
        channel =
                NettyChannelBuilder.forAddress(address)
                        .usePlaintext()
                        .directExecutor()
                        .maxInboundMessageSize(MOST_BYTES)
                        .build();
        Metadata metadata = new Metadata();
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            metadata.put(Metadata.Key.of(parts[0], Metadata.ASCII_STRING_MARSHALLER), parts[1]);
        }
        withHeaders =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        this.timeout = timeout;
    }

    @Override
    public Answer send(byte[] request, @Nullable ByteArrayOutputStream body) throws IOException {
        try {
            byte[] answer =
                    ClientCalls.blockingUnaryCall(
                            withHeaders,
                            EMBED,
                            CallOptions.DEFAULT.withDeadlineAfter(
                                    timeout.toMillis(), TimeUnit.MILLISECONDS),
                            request);
            if (body != null) {
                body.writeBytes(answer);
            }
            return new Answer(200, answer.length, false);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCause() instanceof IOException broken) {
                throw broken;
            }
            if (body != null) {
                body.writeBytes(e.getStatus().toString().getBytes(ISO_8859_1));
            }
            return new Answer(http(e.getStatus().getCode()), 0, saysWhen(e.getTrailers()));
        }
    }

    /** The HTTP status that means the same (google/rpc/code.proto). */
    private static int http(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    private static boolean saysWhen(@Nullable Metadata trailers) {
        byte[] details = trailers == null ? null : trailers.get(DETAILS);
        return details != null && new String(details, ISO_8859_1).contains("google.rpc.RetryInfo");
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Messages as they are on the wire. */
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
