package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.ServiceInfo;
import java.util.Locale;

/** What {@code GET /info} says: models, limits, words, versions. */
final class InfoAnswer {

    private final Models models;
    private final ServiceInfo service;

    InfoAnswer(Models models, ServiceInfo service) {
        this.models = models;
        this.service = service;
    }

    byte[] json() {
        JsonWriter out = new JsonWriter(2048).object();
        out.name("models").array();
        models.all().forEach(model -> model(out, model));
        out.endArray();
        out.name("limits").object();
        service.limits().forEach((name, limit) -> out.name(name).value(limit.longValue()));
        out.endObject();
        out.name("types").array();
        Names.TYPES.keySet().forEach(out::value);
        out.endArray();
        out.name("versions").object().name("cospace").value(service.version());
        out.name("java").value(service.java()).endObject();
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
            out.name("provider").value(state.device().provider());
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
}
