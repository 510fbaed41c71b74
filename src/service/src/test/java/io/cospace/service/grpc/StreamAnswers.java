package io.cospace.service.grpc;

import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.StreamInput;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an {@code EmbedStream} answers: ids in the order they came, and how it ended. */
final class StreamAnswers implements StreamObserver<EmbedStreamResponse> {
    final List<String> ids = new CopyOnWriteArrayList<>();

    /** Completed when the stream ended well; failed with what ended it otherwise. */
    final CompletableFuture<Boolean> end = new CompletableFuture<>();

    /** A text that is its own id. */
    static EmbedStreamRequest input(String text) {
        return EmbedStreamRequest.newBuilder()
                .setInput(
                        StreamInput.newBuilder()
                                .setId(text)
                                .setInput(Input.newBuilder().setText(text)))
                .build();
    }

    @Override
    public void onNext(EmbedStreamResponse answer) {
        if (answer.hasItem()) {
            ids.add(answer.getItem().getId());
        }
    }

    @Override
    public void onError(Throwable thrown) {
        end.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
        end.complete(true);
    }
}
