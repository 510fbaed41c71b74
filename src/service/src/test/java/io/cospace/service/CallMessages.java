package io.cospace.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.LongText;
import io.cospace.service.grpc.v1.Offsets;
import io.cospace.service.grpc.v1.OnError;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.OutputType;
import io.cospace.service.grpc.v1.SimilarityRequest;
import io.cospace.service.grpc.v1.StreamInput;
import io.cospace.service.grpc.v1.Task;
import io.cospace.service.grpc.v1.Vector;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Bodies of REST as the messages of gRPC that ask for the same. */
final class CallMessages {

    private CallMessages() {}

    static EmbedRequest embed(JsonNode call) {
        EmbedRequest.Builder message = EmbedRequest.newBuilder().setOptions(options(call));
        call.get("inputs").forEach(input -> message.addInputs(input(input)));
        if (call.has("on_error")) {
            message.setOnError(OnError.valueOf("ON_ERROR_" + word(call, "on_error")));
        }
        return message.build();
    }

    static SimilarityRequest similarity(JsonNode call) {
        SimilarityRequest.Builder message =
                SimilarityRequest.newBuilder().setOptions(options(call));
        call.get("a").forEach(input -> message.addA(input(input)));
        call.get("b").forEach(input -> message.addB(input(input)));
        if (call.has("mode")) {
            message.setMode(SimilarityRequest.Mode.valueOf("MODE_" + word(call, "mode")));
        }
        if (call.has("score")) {
            message.setScore(SimilarityRequest.Score.valueOf("SCORE_" + word(call, "score")));
        }
        if (call.has("top_k")) {
            message.setTopK(call.get("top_k").asInt());
        }
        return message.build();
    }

    /** The options, then each input with its position as its id. */
    static List<EmbedStreamRequest> stream(JsonNode call) {
        List<EmbedStreamRequest> messages = new ArrayList<>();
        messages.add(EmbedStreamRequest.newBuilder().setOptions(options(call)).build());
        for (JsonNode input : call.get("inputs")) {
            StreamInput.Builder one =
                    StreamInput.newBuilder()
                            .setId(Integer.toString(messages.size() - 1))
                            .setInput(input(input));
            messages.add(EmbedStreamRequest.newBuilder().setInput(one).build());
        }
        return messages;
    }

    private static Options options(JsonNode call) {
        Options.Builder options = Options.newBuilder();
        if (call.has("task")) {
            options.setTask(Task.valueOf("TASK_" + word(call, "task")));
        }
        if (call.has("dimensions")) {
            options.setDimensions(call.get("dimensions").asInt());
        }
        if (call.has("long_text")) {
            options.setLongText(LongText.valueOf("LONG_TEXT_" + word(call, "long_text")));
        }
        if (call.has("offsets")) {
            options.setOffsets(Offsets.valueOf("OFFSETS_" + word(call, "offsets")));
        }
        for (JsonNode type : call.path("types")) {
            options.addTypes(
                    OutputType.valueOf("OUTPUT_TYPE_" + type.asText().toUpperCase(Locale.ROOT)));
        }
        return options.setModel(call.path("model").asText())
                .setSpace(call.path("space").asText())
                .build();
    }

    private static Input input(JsonNode input) {
        Input.Builder message = Input.newBuilder();
        if (input.has("text")) {
            message.setText(input.get("text").asText());
        }
        if (input.has("image")) {
            byte[] file = Base64.getDecoder().decode(input.get("image").asText());
            message.setImage(ByteString.copyFrom(file));
        }
        if (input.has("image_url")) {
            message.setImageUrl(input.get("image_url").asText());
        }
        if (input.has("embedding")) {
            Vector.Builder vector = Vector.newBuilder();
            input.get("embedding").forEach(value -> vector.addValues(value.floatValue()));
            message.setVector(vector.setSpace(input.path("space").asText()));
        }
        if (input.has("task")) {
            message.setTask(Task.valueOf("TASK_" + word(input, "task")));
        }
        return message.build();
    }

    private static String word(JsonNode node, String field) {
        return node.get(field).asText().toUpperCase(Locale.ROOT);
    }
}
