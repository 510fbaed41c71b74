package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.SimilarityResult;
import io.cospace.service.embedding.SimilarityResult.Hit;
import io.cospace.service.embedding.TextUse;
import io.cospace.service.embedding.Usage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From results to JSON bodies. */
final class Answers {

    /** Characters of a float in its shortest form, with its comma, on average over unit vectors. */
    private static final int CHARACTERS_A_FLOAT = 13;

    private Answers() {}

    static byte[] embed(EmbedResult result, Set<OutputType> types) {
        int floats = result.items().size() * result.dimensions();
        JsonWriter out =
                new JsonWriter(200 + 200 * result.items().size() + CHARACTERS_A_FLOAT * floats);
        out.object().name("model").value(result.model()).name("space").value(result.space());
        out.name("dimensions").value(result.dimensions());
        out.name("data").array();
        for (int i = 0; i < result.items().size(); i++) {
            out.object().name("index").value(i);
            item(out, result.items().get(i), types);
            out.endObject();
        }
        out.endArray();
        usage(out, result.usage());
        return out.endObject().bytes();
    }

    /**
     * One item as a line of its own.
     *
     * @param index position among the inputs
     * @param id what the caller calls it, where it is called anything
     */
    static byte[] line(
            long index, LineInput.@Nullable Id id, EmbedResult.Item item, Set<OutputType> types) {
        JsonWriter out = new JsonWriter(8_192).object().name("index").value(index);
        if (id != null) {
            id.write(out);
        }
        item(out, item, types);
        return out.endObject().line();
    }

    /** The line that says why no more lines come. */
    static byte[] line(HttpProblem problem) {
        JsonWriter out = new JsonWriter(512).object().name("error");
        problem.write(out);
        return out.endObject().line();
    }

    private static void item(JsonWriter out, EmbedResult.Item item, Set<OutputType> types) {
        switch (item) {
            case EmbedResult.Embedded embedded -> embedded(out, embedded, types);
            case EmbedResult.Chunked chunked -> chunked(out, chunked, types);
            case EmbedResult.Failed failed -> failed(out, failed);
        }
    }

    static byte[] similarity(SimilarityResult result) {
        JsonWriter out = new JsonWriter(4096);
        out.object().name("model").value(result.model()).name("space").value(result.space());
        switch (result.scores()) {
            case SimilarityResult.Matrix(float[][] rows) -> {
                out.name("scores").array();
                for (float[] row : rows) {
                    out.value(row);
                }
                out.endArray();
            }
            case SimilarityResult.Pairs(float[] scores) -> out.name("scores").value(scores);
            case SimilarityResult.Best(List<List<Hit>> rows) -> best(out, rows);
        }
        usage(out, result.usage());
        return out.endObject().bytes();
    }

    private static void best(JsonWriter out, List<List<Hit>> rows) {
        out.name("scores").array();
        for (List<Hit> row : rows) {
            out.array();
            for (Hit hit : row) {
                out.object().name("index").value(hit.index());
                out.name("score").value(hit.score()).endObject();
            }
            out.endArray();
        }
        out.endArray();
    }

    private static void embedded(
            JsonWriter out, EmbedResult.Embedded embedded, Set<OutputType> types) {
        out.name("modality").value(Names.of(embedded.modality()));
        forms(out, embedded.vector(), types);
        TextUse use = embedded.use();
        if (use != null) {
            use(out, use);
        }
    }

    private static void chunked(
            JsonWriter out, EmbedResult.Chunked chunked, Set<OutputType> types) {
        out.name("modality").value(Names.of(Modality.TEXT)).name("chunks").array();
        for (EmbedResult.Chunk chunk : chunked.chunks()) {
            out.object().name("start").value(chunk.start()).name("end").value(chunk.end());
            out.name("tokens").value(chunk.tokens());
            forms(out, chunk.vector(), types);
            out.endObject();
        }
        out.endArray();
        use(out, chunked.use());
    }

    private static void use(JsonWriter out, TextUse use) {
        out.name("tokens").value(use.tokens()).name("tokens_used").value(use.tokensUsed());
        out.name("truncated").value(use.truncated());
        if (use.windows() > 0) {
            out.name("windows").value(use.windows());
        }
    }

    private static void forms(JsonWriter out, EmbedResult.Forms forms, Set<OutputType> types) {
        if (types.contains(OutputType.FLOAT)) {
            out.name("embedding").value(forms.values());
        }
        if (types.size() > 1 || !types.contains(OutputType.FLOAT)) {
            out.name("embeddings").object();
            if (types.contains(OutputType.BASE64)) {
                out.name(Names.of(OutputType.BASE64)).value(OutputTypes.base64(forms.values()));
            }
            forms.packed().forEach((type, bytes) -> packed(out, type, bytes));
            out.endObject();
        }
    }

    private static void packed(JsonWriter out, OutputType type, byte[] bytes) {
        boolean signed = type == OutputType.INT8 || type == OutputType.BINARY;
        out.name(Names.of(type)).array();
        for (byte value : bytes) {
            out.value(signed ? value : Byte.toUnsignedInt(value));
        }
        out.endArray();
    }

    private static void failed(JsonWriter out, EmbedResult.Failed failed) {
        if (failed.modality() != null) {
            out.name("modality").value(Names.of(failed.modality()));
        }
        out.name("error");
        HttpProblem.of(failed.problem()).write(out);
    }

    private static void usage(JsonWriter out, Usage usage) {
        out.name("usage").object().name("tokens").value(usage.tokens());
        out.name("images").value(usage.images()).endObject();
    }
}
