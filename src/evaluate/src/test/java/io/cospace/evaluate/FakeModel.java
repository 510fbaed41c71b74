package io.cospace.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.TowerState;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.TokenizedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A bundle of {@link FakeTowers}; its text tower turns vectors a little at precision int8. */
final class FakeModel implements Model {
    /** Every precision that was opened. */
    static final List<String> OPENED = new ArrayList<>();

    private final Manifest manifest;
    private final String precision;

    private FakeModel(Manifest manifest, String precision) {
        this.manifest = manifest;
        this.precision = precision;
    }

    /** Opens any folder as a bundle with these targets (a JSON array). */
    static Model.Opener withTargets(String targets) {
        return (Path folder, EncoderSettings settings) -> {
            OPENED.add(settings.precision());
            return new FakeModel(manifest(targets), settings.precision());
        };
    }

    private static Manifest manifest(String targets) {
        String files =
                Stream.of("tokenizer.json", "self-test.json", "i", "t", "u")
                        .map(f ->
                                "\"%s\": {\"sha256\": \"%s\", \"bytes\": 1}"
                                        .formatted(f, "0".repeat(64)))
                        .collect(Collectors.joining(", "));
        String json =
                """
                {"format": 1, "name": "fake", "version": "1", "space": "fake-0000000000000000",
                 "dimensions": 10, "truncatable_to": [2, 5], "score": "softmax",
                 "logit_scale": 1.0, "logit_bias": 0.0,
                 "image": {"preprocessing": {"size": 8, "resize": "squash", "crop": 8,
                   "interpolation": "bicubic", "rescale": 1.0, "mean": [0.0, 0.0, 0.0],
                   "std": [1.0, 1.0, 1.0], "background": null}},
                 "text": {"max_tokens": 20, "pooling": "mean",
                   "prompts": {"query": "", "document": ""}, "wrap": null},
                 "precisions": {
                   "image": {"defaults": {"cpu": "fp32"}, "graphs": {"fp32":
                     {"file": "i", "inputs": null, "cosine_to_fp32": null, "quality": null}}},
                   "text": {"defaults": {"cpu": "int8"}, "graphs": {
                     "fp32": {"file": "t", "inputs": "padded", "cosine_to_fp32": null,
                       "quality": null},
                     "int8": {"file": "u", "inputs": "padded",
                       "cosine_to_fp32": {"min": 0.9, "mean": 0.95}, "quality": null}}}},
                 "calibration": null, "targets": %s, "files": {%s}, "license": "CC0-1.0",
                 "created": "2026-11-01T00:00:00Z"}
                """
                        .formatted(targets, files);
        return ManifestJson.read("manifest.json", json.getBytes(UTF_8), Manifest.class);
    }

    @Override
    public Manifest manifest() {
        return manifest;
    }

    @Override
    public TowerState state(Modality tower) {
        String graph = tower == Modality.TEXT && !precision.equals("fp32") ? "int8" : "fp32";
        return new TowerState(tower, new Device.Cpu(), graph, null);
    }

    @Override
    public ImageEncoder images() {
        return new FakeTowers.Images();
    }

    @Override
    public TextEncoder text() {
        FakeTowers.Texts exact = new FakeTowers.Texts();
        if (precision.equals("fp32")) {
            return exact;
        }
        return new FakeTowers.Texts() {
            @Override
            public List<float[]> embed(List<TokenizedText> batch, Width width) {
                return super.embed(batch, width).stream().map(FakeModel::turned).toList();
            }
        };
    }

    /** Cosine 0.96 to the exact vector. */
    private static float[] turned(float[] exact) {
        float[] vector = exact.clone();
        for (int k = 0; k < vector.length; k++) {
            vector[k] = exact[k] * 0.96f;
        }
        vector[exact[0] == 1 ? 1 : 0] += 0.28f;
        return vector;
    }

    @Override
    public void close() {}
}
