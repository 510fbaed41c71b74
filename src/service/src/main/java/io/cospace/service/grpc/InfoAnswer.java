package io.cospace.service.grpc;

import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import io.cospace.service.grpc.v1.InfoResponse;

/** What {@code Info} says: models, limits, version. */
final class InfoAnswer {

    private InfoAnswer() {}

    static InfoResponse of(Models models, Limits limits, String version) {
        InfoResponse.Builder message =
                InfoResponse.newBuilder().setLimits(limits(limits)).setVersion(version);
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
                        .setLicense(manifest.license());
        for (TowerState state : model.states()) {
            InfoResponse.Tower.Builder tower = message.addTowersBuilder();
            tower.setModality(Answers.modality(state.modality()))
                    .setPrecision(state.precision())
                    .setDevice(state.device().toString())
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

    private static InfoResponse.Limits limits(Limits limits) {
        return InfoResponse.Limits.newBuilder()
                .setMessageBytes(limits.bodyBytes())
                .setInputs(limits.inputs())
                .setStoredVectors(limits.storedVectors())
                .setScores(limits.scores())
                .setTextBytes(limits.textBytes())
                .setImageBytes(limits.imageBytes())
                .setImagePixels(limits.imagePixels())
                .setTimeoutMs(limits.timeout().toMillis())
                .setWindows(limits.windows())
                .build();
    }
}
