package io.cospace.service;

import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** A client of one service over both of its transports. */
final class Transports implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ManagedChannel channel;
    private final int port;

    /** Waits until the service is ready. */
    Transports(int port, int managementPort) throws IOException, InterruptedException {
        this.port = port;
        this.channel =
                NettyChannelBuilder.forAddress("localhost", port)
                        .usePlaintext()
                        .maxInboundMessageSize(64 << 20)
                        .build();
        HttpRequest ready = HttpRequest.newBuilder(uri(managementPort, "/q/health/ready")).build();
        while (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(port, path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String key, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(port, path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("X-API-Key", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    EmbedderGrpc.EmbedderBlockingStub blocking(String key) {
        return keyed(EmbedderGrpc.newBlockingStub(channel), key);
    }

    EmbedderGrpc.EmbedderStub streaming(String key) {
        return keyed(EmbedderGrpc.newStub(channel), key);
    }

    private static <S extends AbstractStub<S>> S keyed(S stub, String key) {
        Metadata metadata = new Metadata();
        if (!key.isEmpty()) {
            metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), key);
        }
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://localhost:" + port + path);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        client.shutdownNow();
    }
}
