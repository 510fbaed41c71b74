package io.cospace.service.grpc;

import com.google.protobuf.ByteString;
import io.cospace.encoder.Modality;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.EmbedResult.Chunk;
import io.cospace.service.embedding.EmbedResult.Forms;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.SimilarityResult;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.TextUse;
import io.cospace.service.embedding.Usage;
import io.cospace.service.grpc.v1.Chunks;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.Embedding;
import io.cospace.service.grpc.v1.Item;
import io.cospace.service.grpc.v1.SimilarityResponse;
import io.cospace.service.grpc.v1.Timing;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From results to messages. */
final class Answers {

    private static final double NANOS_PER_MILLI = 1e6;

    private Answers() {}

    static EmbedResponse embed(EmbedResult result, Set<OutputType> types) {
        EmbedResponse.Builder message =
                EmbedResponse.newBuilder()
                        .setModel(result.model())
                        .setSpace(result.space())
                        .setDimensions(result.dimensions())
                        .setUsage(usage(result.usage()))
                        .setTiming(timing(result.times()));
        for (EmbedResult.Item item : result.items()) {
            message.addItems(item(item, types));
        }
        return message.build();
    }

    static Item item(EmbedResult.Item item, Set<OutputType> types) {
        return switch (item) {
            case EmbedResult.Embedded(Modality modality, Forms vector, TextUse use) -> {
                Item.Builder message =
                        Item.newBuilder()
                                .setModality(modality(modality))
                                .setEmbedding(embedding(vector, types));
                if (use != null) {
                    message.setText(use(use));
                }
                yield message.build();
            }
            case EmbedResult.Chunked(List<Chunk> chunks, TextUse use) ->
                    Item.newBuilder()
                            .setModality(modality(Modality.TEXT))
                            .setChunks(chunks(chunks, types))
                            .setText(use(use))
                            .build();
            case EmbedResult.Failed(Modality modality, Problem problem) ->
                    Item.newBuilder()
                            .setModality(modality(modality))
                            .setProblem(GrpcProblems.item(problem))
                            .build();
        };
    }

    private static Embedding embedding(Forms vector, Set<OutputType> types) {
        Embedding.Builder message = Embedding.newBuilder();
        if (types.contains(OutputType.FLOAT)) {
            for (float value : vector.values()) {
                message.addValues(value);
            }
        }
        vector.packed()
                .forEach((type, packed) -> {
                    ByteString bytes = ByteString.copyFrom(packed);
                    switch (type) {
                        case INT8 -> message.setInt8(bytes);
                        case UINT8 -> message.setUint8(bytes);
                        case BINARY -> message.setBinary(bytes);
                        case UBINARY -> message.setUbinary(bytes);
                        case FLOAT, BASE64 ->
                                throw new IllegalStateException(
                                        "This is a bug: %s is packed".formatted(type));
                    }
                });
        return message.build();
    }

    private static Chunks chunks(List<Chunk> chunks, Set<OutputType> types) {
        Chunks.Builder message = Chunks.newBuilder();
        for (Chunk chunk : chunks) {
            message.addChunksBuilder()
                    .setStart(chunk.start())
                    .setEnd(chunk.end())
                    .setTokens(chunk.tokens())
                    .setEmbedding(embedding(chunk.vector(), types));
        }
        return message.build();
    }

    private static io.cospace.service.grpc.v1.TextUse use(TextUse use) {
        return io.cospace.service.grpc.v1.TextUse.newBuilder()
                .setTokens(use.tokens())
                .setTokensUsed(use.tokensUsed())
                .setTruncated(use.truncated())
                .setWindows(use.windows())
                .build();
    }

    static SimilarityResponse similarity(SimilarityResult result) {
        SimilarityResponse.Builder message =
                SimilarityResponse.newBuilder()
                        .setModel(result.model())
                        .setSpace(result.space())
                        .setUsage(usage(result.usage()))
                        .setTiming(timing(result.times()));
        switch (result.scores()) {
            case SimilarityResult.Matrix(float[][] rows) -> {
                var matrix = SimilarityResponse.Matrix.newBuilder();
                for (float[] row : rows) {
                    matrix.addRows(row(row));
                }
                message.setMatrix(matrix);
            }
            case SimilarityResult.Pairs(float[] scores) -> message.setPairs(row(scores));
            case SimilarityResult.Best(List<List<SimilarityResult.Hit>> rows) ->
                    message.setBest(best(rows));
        }
        return message.build();
    }

    private static SimilarityResponse.Row row(float[] scores) {
        var row = SimilarityResponse.Row.newBuilder();
        for (float score : scores) {
            row.addValues(score);
        }
        return row.build();
    }

    private static SimilarityResponse.Best best(List<List<SimilarityResult.Hit>> rows) {
        var best = SimilarityResponse.Best.newBuilder();
        for (List<SimilarityResult.Hit> hits : rows) {
            var row = best.addRowsBuilder();
            for (SimilarityResult.Hit hit : hits) {
                row.addHitsBuilder().setIndex(hit.index()).setScore(hit.score());
            }
        }
        return best.build();
    }

    private static io.cospace.service.grpc.v1.Usage usage(Usage usage) {
        return io.cospace.service.grpc.v1.Usage.newBuilder()
                .setTokens(usage.tokens())
                .setImages(usage.images())
                .build();
    }

    private static Timing timing(StageTimes times) {
        return Timing.newBuilder()
                .setPrepare(times.prepareNanos() / NANOS_PER_MILLI)
                .setQueue(times.queueNanos() / NANOS_PER_MILLI)
                .setRun(times.runNanos() / NANOS_PER_MILLI)
                .build();
    }

    static io.cospace.service.grpc.v1.Modality modality(@Nullable Modality modality) {
        return switch (modality) {
            case null -> io.cospace.service.grpc.v1.Modality.MODALITY_UNSPECIFIED;
            case TEXT -> io.cospace.service.grpc.v1.Modality.MODALITY_TEXT;
            case IMAGE -> io.cospace.service.grpc.v1.Modality.MODALITY_IMAGE;
        };
    }
}
