package io.cospace.service.rest;

import io.cospace.encoder.math.OutputTypes;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.OutputType;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Results in the form of OpenAI's API. */
final class OpenAiAnswers {

    private OpenAiAnswers() {}

    static byte[] embeddings(EmbedResult result, Set<OutputType> types) {
        boolean base64 = types.contains(OutputType.BASE64);
        int perItem = 60 + (base64 ? 6 : 13) * result.dimensions();
        JsonWriter out = new JsonWriter(200 + perItem * result.items().size());
        out.object().name("object").value("list").name("data").array();
        for (int i = 0; i < result.items().size(); i++) {
            out.object().name("object").value("embedding").name("index").value(i);
            out.name("embedding");
            float[] vector = vector(result.items().get(i));
            if (base64) {
                out.value(OutputTypes.base64(vector));
            } else {
                out.value(vector);
            }
            out.endObject();
        }
        out.endArray().name("model").value(result.model());
        out.name("usage").object().name("prompt_tokens").value(result.usage().tokens());
        out.name("total_tokens").value(result.usage().tokens()).endObject();
        return out.endObject().bytes();
    }

    private static float[] vector(EmbedResult.Item item) {
        return switch (item) {
            case EmbedResult.Embedded embedded -> embedded.vector().values();
            case EmbedResult.Chunked _, EmbedResult.Failed _ ->
                    throw new IllegalStateException("This is a bug: an item without one vector");
        };
    }

    static byte[] models(List<Model> models) {
        JsonWriter out = new JsonWriter(256).object().name("object").value("list");
        out.name("data").array();
        models.forEach(model -> model(out, model));
        return out.endArray().endObject().bytes();
    }

    static byte[] model(Model model) {
        JsonWriter out = new JsonWriter(128);
        model(out, model);
        return out.bytes();
    }

    private static void model(JsonWriter out, Model model) {
        out.object().name("id").value(model.id()).name("object").value("model");
        out.name("created").value(Instant.parse(model.manifest().created()).getEpochSecond());
        out.name("owned_by").value("cospace").endObject();
    }
}
