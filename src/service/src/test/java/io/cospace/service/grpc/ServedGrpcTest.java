package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.InfoRequest;
import io.cospace.service.grpc.v1.InfoResponse;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Modality;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both transports of the whole service on one port, on a bundle of random weights. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(60)
class ServedGrpcTest {

    @TestHTTPResource("/")
    private URL url;

    private ManagedChannel channel;

    @BeforeEach
    void await_ready() throws InterruptedException {
        channel = NettyChannelBuilder.forAddress("localhost", url.getPort()).usePlaintext().build();
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        for (String service : new String[] {"", "cospace.v1.Embedder"}) {
            HealthCheckRequest request =
                    HealthCheckRequest.newBuilder().setService(service).build();
            await(() -> health.check(request).getStatus() == ServingStatus.SERVING);
        }
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void grpc_and_rest_give_the_same_vectors() throws Exception {
        List<String> texts = List.of("a red bicycle", "ein rotes Fahrrad", "赤い自転車", "🚲");
        EmbedRequest.Builder request = EmbedRequest.newBuilder();
        texts.forEach(text -> request.addInputs(Input.newBuilder().setText(text)));
        EmbedResponse grpc = EmbedderGrpc.newBlockingStub(channel).embed(request.build());
        ObjectMapper json = new ObjectMapper();
        String body =
                json.writeValueAsString(
                        json.createObjectNode().set("inputs", json.valueToTree(texts)));
        JsonNode rest = json.readTree(post("/embed", body));

        assertThat(rest.get("model").asText()).isEqualTo(grpc.getModel());
        assertThat(rest.get("space").asText()).isEqualTo(grpc.getSpace());
        for (int i = 0; i < texts.size(); i++) {
            JsonNode item = rest.at("/data/" + i);
            assertThat(item.get("tokens").asInt())
                    .isEqualTo(grpc.getItems(i).getText().getTokens());
            List<Float> values = grpc.getItems(i).getEmbedding().getValuesList();
            assertThat(item.get("embedding")).hasSize(values.size());
            double cosine = 0;
            for (int k = 0; k < values.size(); k++) {
                cosine += values.get(k) * item.get("embedding").get(k).asDouble();
            }
            assertThat(cosine).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void info_says_what_each_precision_loses() {
        InfoResponse info =
                EmbedderGrpc.newBlockingStub(channel).info(InfoRequest.getDefaultInstance());
        InfoResponse.Tower text =
                info.getModels(0).getTowersList().stream()
                        .filter(tower -> tower.getModality() == Modality.MODALITY_TEXT)
                        .findFirst()
                        .orElseThrow();
        assertThat(text.getQualityMap().keySet()).containsExactlyInAnyOrder("fp32", "int8");
        assertThat(text.getQualityOrThrow("int8").getValuesOrThrow("cosine_to_fp32.mean"))
                .isBetween(0.9, 1.0);
    }

    private String post(String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + url.getPort() + path);
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    @Test
    void reflection_names_the_service_and_gives_its_file() throws Exception {
        ServerReflectionResponse services =
                ask(ServerReflectionRequest.newBuilder().setListServices("*").build());
        assertThat(services.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("cospace.v1.Embedder", "grpc.health.v1.Health");

        ServerReflectionResponse file =
                ask(
                        ServerReflectionRequest.newBuilder()
                                .setFileContainingSymbol("cospace.v1.Embedder.EmbedStream")
                                .build());
        assertThat(file.getFileDescriptorResponse().getFileDescriptorProto(0).toStringUtf8())
                .contains("EmbedStreamRequest");
    }

    private ServerReflectionResponse ask(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        answer.completeExceptionally(failure);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        call.onNext(request);
        call.onCompleted();
        return answer.get(20, TimeUnit.SECONDS);
    }
}
