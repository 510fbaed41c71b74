package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.onnx.Device;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import java.util.Locale;

/** What {@code GET /info} says: models, limits, words, versions. */
final class InfoAnswer {

    private final Models models;
    private final Limits limits;
    private final RestSettings settings;

    InfoAnswer(Models models, Limits limits, RestSettings settings) {
        this.models = models;
        this.limits = limits;
        this.settings = settings;
    }

    byte[] json() {
        JsonWriter out = new JsonWriter(2048).object();
        out.name("models").array();
        models.all().forEach(model -> model(out, model));
        out.endArray();
        limits(out);
        out.name("types").array();
        Names.TYPES.keySet().forEach(out::value);
        out.endArray();
        out.name("versions").object().name("cospace").value(settings.version());
        out.name("java").value(Runtime.version().toString()).endObject();
        return out.endObject().bytes();
    }

    private static void model(JsonWriter out, Model model) {
        Manifest manifest = model.manifest();
        out.object().name("model").value(model.id()).name("space").value(model.space());
        out.name("dimensions").value(manifest.dimensions()).name("truncatable_to").array();
        manifest.truncatableTo().forEach(size -> out.value(size.longValue()));
        out.endArray().name("max_tokens").value(model.textEncoder().maxTokens());
        out.name("score").value(manifest.score().name().toLowerCase(Locale.ROOT));
        out.name("logit_scale").value(manifest.logitScale());
        out.name("logit_bias").value(manifest.logitBias());
        out.name("towers").object();
        for (Modality modality : Modality.values()) {
            TowerState state = model.state(modality);
            out.name(Names.of(modality)).object().name("precision").value(state.precision());
            out.name("device").value(state.device().toString());
            out.name("provider").value(provider(state.device()));
            if (state.fallback() != null) {
                out.name("fallback").value(state.fallback());
            }
            quality(out.name("quality").object(), model.graphs(modality));
            out.endObject().endObject();
        }
        out.endObject().name("license").value(manifest.license()).endObject();
    }

    /** By precision, what the bundle has on record: the loss against fp32 and other figures. */
    private static void quality(JsonWriter out, Manifest.Tower tower) {
        tower.graphs()
                .forEach((precision, graph) -> {
                    out.name(precision).object();
                    graph.figures().forEach((name, value) -> out.name(name).value(value));
                    out.endObject();
                });
    }

    /** What ONNX Runtime calls the part of it that computes. */
    private static String provider(Device device) {
        return device instanceof Device.Cuda ? "CUDAExecutionProvider" : "CPUExecutionProvider";
    }

    private void limits(JsonWriter out) {
        out.name("limits").object();
        out.name("body_bytes").value(limits.bodyBytes());
        out.name("inputs").value(limits.inputs());
        out.name("stored_vectors").value(limits.storedVectors());
        out.name("scores").value(limits.scores());
        out.name("text_bytes").value(limits.textBytes());
        out.name("image_bytes").value(limits.imageBytes());
        out.name("image_pixels").value(limits.imagePixels());
        out.name("windows").value(limits.windows());
        out.name("json_depth").value(limits.jsonDepth());
        out.name("timeout_ms").value(limits.timeout().toMillis());
        settings.limits().forEach((name, limit) -> out.name(name).value(limit.longValue()));
        out.endObject();
    }
}
