package io.cospace.service.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.ServiceInfo;
import io.cospace.service.grpc.v1.InfoResponse;
import java.util.Map;

/** What {@code Info} says: models, limits, version. */
final class InfoAnswer {

    private InfoAnswer() {}

    static InfoResponse of(Models models, ServiceInfo service) {
        InfoResponse.Builder message =
                InfoResponse.newBuilder()
                        .setLimits(limits(service.limits()))
                        .setVersion(service.version())
                        .setJava(service.java());
        for (Model model : models.all()) {
            message.addModels(model(model));
        }
        return message.build();
    }

    private static InfoResponse.Model model(Model model) {
        Manifest manifest = model.manifest();
        InfoResponse.Model.Builder message =
                InfoResponse.Model.newBuilder()
                        .setModel(model.id())
                        .setSpace(model.space())
                        .setDimensions(manifest.dimensions())
                        .addAllTruncatableTo(manifest.truncatableTo())
                        .setMaxTokens(model.textEncoder().maxTokens())
                        .setLicense(manifest.license())
                        .setScore(score(manifest.score()))
                        .setLogitScale(manifest.logitScale())
                        .setLogitBias(manifest.logitBias());
        for (TowerState state : model.states()) {
            InfoResponse.Tower.Builder tower = message.addTowersBuilder();
            tower.setModality(Answers.modality(state.modality()))
                    .setPrecision(state.precision())
                    .setDevice(state.device().toString())
                    .setProvider(state.device().provider())
                    .setFallback(state.fallback() == null ? "" : state.fallback());
            model.graphs(state.modality())
                    .graphs()
                    .forEach((precision, graph) ->
                            tower.putQuality(
                                    precision,
                                    InfoResponse.Figures.newBuilder()
                                            .putAllValues(graph.figures())
                                            .build()));
        }
        return message.build();
    }

    private static InfoResponse.Score score(Manifest.Score score) {
        return switch (score) {
            case SOFTMAX -> InfoResponse.Score.SCORE_SOFTMAX;
            case SIGMOID -> InfoResponse.Score.SCORE_SIGMOID;
        };
    }

    /** Each limit in the field of its name, which there must be. */
    private static InfoResponse.Limits limits(Map<String, Long> limits) {
        InfoResponse.Limits.Builder message = InfoResponse.Limits.newBuilder();
        limits.forEach((name, limit) -> {
            FieldDescriptor field = InfoResponse.Limits.getDescriptor().findFieldByName(name);
            if (field == null) {
                throw new IllegalStateException("This is a bug: no field for the limit " + name);
            }
            message.setField(field, limit);
        });
        return message.build();
    }
}
