package io.cospace.service.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.InfoRequest;
import io.cospace.service.grpc.v1.InfoResponse;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.LongText;
import io.cospace.service.grpc.v1.Modality;
import io.cospace.service.grpc.v1.OnError;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.OutputType;
import io.cospace.service.grpc.v1.SimilarityRequest;
import io.cospace.service.grpc.v1.SimilarityResponse;
import io.cospace.service.grpc.v1.Vector;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unary calls, through a real HTTP/2 connection. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class EmbedderTest {

    private FakeGrpcServer server;
    private ManagedChannel channel;
    private EmbedderGrpc.EmbedderBlockingStub embedder;

    @BeforeEach
    void connect() throws Exception {
        server = new FakeGrpcServer();
        channel = server.channel();
        embedder = EmbedderGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void disconnect() {
        server.close();
    }

    private static Input text(String text) {
        return Input.newBuilder().setText(text).build();
    }

    private static Input image(String bytes) {
        return Input.newBuilder().setImage(ByteString.copyFromUtf8(bytes)).build();
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private StatusRuntimeException failure(EmbedRequest request) {
        StatusRuntimeException failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> embedder.embed(request));
        assertThat(failure).as("the call fails").isNotNull();
        return failure;
    }

    private static <M extends com.google.protobuf.Message> List<M> details(
            StatusRuntimeException failure, Class<M> type) {
        com.google.rpc.Status status = requireNonNull(StatusProto.fromThrowable(failure));
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(type))
                .map(detail -> unpack(detail, type))
                .toList();
    }

    private static <M extends com.google.protobuf.Message> M unpack(Any any, Class<M> type) {
        try {
            return any.unpack(type);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void embeds_texts_and_images_in_the_order_asked() {
        EmbedResponse response =
                embedder.embed(
                        EmbedRequest.newBuilder()
                                .addInputs(text("a red bicycle"))
                                .addInputs(image("IMG 1"))
                                .addInputs(text("ein rotes Fahrrad"))
                                .build());

        assertThat(response.getModel()).isEqualTo("fake/1");
        assertThat(response.getSpace()).isEqualTo(FakeModel.SPACE);
        assertThat(response.getDimensions()).isEqualTo(FakeModel.DIMENSIONS);
        assertThat(response.getItemsList())
                .extracting(item -> item.getModality())
                .containsExactly(
                        Modality.MODALITY_TEXT, Modality.MODALITY_IMAGE, Modality.MODALITY_TEXT);
        assertThat(floats(response.getItems(0).getEmbedding().getValuesList()))
                .isEqualTo(FakeModel.vectorOf("a red bicycle"));
        assertThat(floats(response.getItems(2).getEmbedding().getValuesList()))
                .isEqualTo(FakeModel.vectorOf("ein rotes Fahrrad"));
        assertThat(response.getItems(0).getText().getTokens()).isEqualTo(5);
        assertThat(response.getItems(0).getText().getTruncated()).isFalse();
        assertThat(response.getItems(1).hasText()).isFalse();
        assertThat(response.getUsage().getTokens()).isEqualTo(10);
        assertThat(response.getUsage().getImages()).isEqualTo(1);
        assertThat(response.getTiming().getRun()).isPositive();
    }

    @Test
    void options_reach_the_service() {
        EmbedResponse response =
                embedder.embed(
                        EmbedRequest.newBuilder()
                                .addInputs(text("one two three four five six seven eight nine"))
                                .setOptions(
                                        Options.newBuilder()
                                                .setDimensions(4)
                                                .setLongText(LongText.LONG_TEXT_TRUNCATE_END)
                                                .setModel("fake")
                                                .setSpace(FakeModel.SPACE))
                                .build());

        assertThat(response.getDimensions()).isEqualTo(4);
        assertThat(response.getItems(0).getEmbedding().getValuesCount()).isEqualTo(4);
        var use = response.getItems(0).getText();
        assertThat(use.getTokens()).isEqualTo(11);
        assertThat(use.getTokensUsed()).isEqualTo(10);
        assertThat(use.getTruncated()).isTrue();
    }

    @Test
    void vectors_come_in_the_forms_asked_for() {
        EmbedRequest.Builder request =
                EmbedRequest.newBuilder()
                        .addInputs(text("cat"))
                        .setOptions(
                                Options.newBuilder()
                                        .addTypes(OutputType.OUTPUT_TYPE_BINARY)
                                        .addTypes(OutputType.OUTPUT_TYPE_UBINARY));
        var embedding = embedder.embed(request.build()).getItems(0).getEmbedding();

        assertThat(embedding.getValuesCount()).isZero();
        int bits = 0;
        for (float value : FakeModel.vectorOf("cat")) {
            bits = bits << 1 | (value > 0 ? 1 : 0);
        }
        assertThat(embedding.getUbinary().byteAt(0) & 0xFF).isEqualTo(bits);
        assertThat(embedding.getBinary().byteAt(0) + 128).isEqualTo(bits);
        request.getOptionsBuilder().addTypes(OutputType.OUTPUT_TYPE_FLOAT);
        assertThat(embedder.embed(request.build()).getItems(0).getEmbedding().getValuesCount())
                .isEqualTo(8);
    }

    @Test
    void a_long_text_answers_its_chunks_with_their_places() {
        String words = "one two three four five six seven eight nine ten eleven twelve";
        EmbedResponse response =
                embedder.embed(
                        EmbedRequest.newBuilder()
                                .addInputs(text("\uD83D\uDEB2 " + words))
                                .setOptions(
                                        Options.newBuilder().setLongText(LongText.LONG_TEXT_CHUNKS))
                                .build());

        var chunks = response.getItems(0).getChunks().getChunksList();
        assertThat(chunks).hasSizeGreaterThan(1);
        assertThat(chunks.getFirst().getStart()).isZero();
        assertThat(chunks.getLast().getEnd()).isEqualTo(2 + words.length());
        assertThat(chunks)
                .allSatisfy(
                        chunk -> assertThat(chunk.getEmbedding().getValuesCount()).isEqualTo(8));
    }

    @Test
    void a_call_is_interactive_unless_its_priority_says_bulk() {
        var unused = embedder.embed(EmbedRequest.newBuilder().addInputs(text("a")).build());
        Metadata urgency = new Metadata();
        urgency.put(Metadata.Key.of("priority", Metadata.ASCII_STRING_MARSHALLER), "u=6");
        unused =
                embedder.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(urgency))
                        .embed(EmbedRequest.newBuilder().addInputs(text("a")).build());

        assertThat(unused.getItemsCount()).isEqualTo(1);
        assertThat(server.tower.calls())
                .extracting(CallContext::priority)
                .containsExactly(Priority.INTERACTIVE, Priority.BULK);
    }

    @Test
    void a_query_has_another_prompt_than_a_document() {
        EmbedResponse response =
                embedder.embed(
                        EmbedRequest.newBuilder()
                                .addInputs(text("cat"))
                                .addInputs(
                                        text("cat").toBuilder()
                                                .setTask(
                                                        io.cospace.service.grpc.v1.Task.TASK_QUERY))
                                .build());

        assertThat(response.getItems(0).getEmbedding().getValuesList())
                .isNotEqualTo(response.getItems(1).getEmbedding().getValuesList());
    }

    @Test
    void a_bad_item_fails_the_call_and_is_named() {
        StatusRuntimeException failure =
                failure(
                        EmbedRequest.newBuilder()
                                .addInputs(text("good"))
                                .addInputs(image("no image"))
                                .build());

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription())
                .isEqualTo("inputs[1]: image is of no known format");
        assertThat(details(failure, ErrorInfo.class))
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.getReason()).isEqualTo("IMAGE_UNREADABLE");
                    assertThat(info.getDomain()).isEqualTo("cospace");
                    assertThat(info.getMetadataMap())
                            .containsEntry("list", "inputs")
                            .containsEntry("index", "1");
                });
        assertThat(details(failure, BadRequest.class))
                .singleElement()
                .satisfies(bad ->
                        assertThat(bad.getFieldViolations(0).getField()).isEqualTo("inputs[1]"));
    }

    @Test
    void a_bad_item_answers_with_its_problem_when_the_call_says_so() {
        EmbedResponse response =
                embedder.embed(
                        EmbedRequest.newBuilder()
                                .addInputs(text("poison"))
                                .addInputs(Input.getDefaultInstance())
                                .addInputs(
                                        Input.newBuilder().setImageUrl("https://example.org/a.png"))
                                .addInputs(
                                        Input.newBuilder().setVector(Vector.getDefaultInstance()))
                                .addInputs(text("good"))
                                .setOnError(OnError.ON_ERROR_ITEM)
                                .build());

        assertThat(response.getItemsList().subList(0, 4))
                .extracting(item -> item.getProblem().getName() + " " + item.getProblem().getCode())
                .containsExactly(
                        "inference-failed 13",
                        "invalid-request 3",
                        "url-refused 3",
                        "invalid-request 3");
        assertThat(response.getItems(1).getProblem().getDetail())
                .isEqualTo("/inputs/1: holds none of text, image, image_url");
        assertThat(response.getItems(4).hasEmbedding()).isTrue();
    }

    @Test
    void every_fault_of_a_call_has_its_code_and_says_where_it_is() {
        assertThat(failure(EmbedRequest.getDefaultInstance()).getStatus().getDescription())
                .isEqualTo("/inputs: is empty; must hold 1..1024 inputs");
        StatusRuntimeException model =
                failure(
                        EmbedRequest.newBuilder()
                                .addInputs(text("a"))
                                .setOptions(Options.newBuilder().setModel("other"))
                                .build());
        assertThat(model.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        StatusRuntimeException unknownTask =
                failure(
                        EmbedRequest.newBuilder()
                                .addInputs(text("a").toBuilder().setTaskValue(99))
                                .build());
        assertThat(unknownTask.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(
                        details(unknownTask, BadRequest.class)
                                .getFirst()
                                .getFieldViolations(0)
                                .getField())
                .isEqualTo("inputs[0].task");
        EmbedRequest.Builder many = EmbedRequest.newBuilder();
        for (int i = 0; i < 1025; i++) {
            many.addInputs(text("a"));
        }
        assertThat(failure(many.build()).getStatus().getDescription())
                .isEqualTo("inputs holds 1025 inputs; a call takes at most 1024");
    }

    @Test
    void scores_all_pairs_the_best_and_pairs() {
        SimilarityRequest.Builder request =
                SimilarityRequest.newBuilder()
                        .addA(text("cat"))
                        .addA(text("dog"))
                        .addB(text("dog"))
                        .addB(text("cat"));
        SimilarityResponse matrix = embedder.similarity(request.build());
        assertThat(matrix.getMatrix().getRows(0).getValues(1)).isGreaterThan(0.9999f);
        assertThat(matrix.getMatrix().getRows(1).getValues(0)).isGreaterThan(0.9999f);
        assertThat(matrix.getMatrix().getRows(0).getValues(0)).isLessThan(0.99f);

        SimilarityResponse best = embedder.similarity(request.setTopK(1).build());
        assertThat(best.getBest().getRowsList())
                .extracting(row -> row.getHits(0).getIndex())
                .containsExactly(1, 0);

        SimilarityResponse pairs =
                embedder.similarity(
                        SimilarityRequest.newBuilder()
                                .addA(text("cat"))
                                .addB(
                                        Input.newBuilder()
                                                .setVector(
                                                        Vector.newBuilder()
                                                                .setSpace(FakeModel.SPACE)
                                                                .addAllValues(matrixVector("cat"))))
                                .setMode(SimilarityRequest.Mode.MODE_PAIRS)
                                .build());
        assertThat(pairs.getPairs().getValues(0)).isGreaterThan(0.9999f);
    }

    private static List<Float> matrixVector(String text) {
        List<Float> values = new java.util.ArrayList<>();
        for (float value : FakeModel.vectorOf(text)) {
            values.add(value);
        }
        return values;
    }

    @Test
    void info_says_what_is_served_and_the_limits() {
        InfoResponse info = embedder.info(InfoRequest.getDefaultInstance());

        assertThat(info.getModels(0).getModel()).isEqualTo("fake/1");
        assertThat(info.getModels(0).getTruncatableToList()).containsExactly(2, 4);
        assertThat(info.getModels(0).getMaxTokens()).isEqualTo(10);
        assertThat(info.getModels(0).getTowersList())
                .extracting(tower -> tower.getPrecision() + "/" + tower.getFallback())
                .containsExactly("int8/no VNNI", "fp32/");
        assertThat(info.getVersion()).isEqualTo("test");
        assertThat(info.getLimits().getBodyBytes()).isEqualTo(33_554_432);
        assertThat(info.getLimits().getInputs()).isEqualTo(1024);
    }
}
