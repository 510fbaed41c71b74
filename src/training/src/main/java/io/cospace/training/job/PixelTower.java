package io.cospace.training.job;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.CheckpointException;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.Families;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.importer.ImageConfig;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.EfficientNetLite;
import io.cospace.training.model.EvaVision;
import io.cospace.training.model.GridFeatures;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Kind;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * An image tower of a checkpoint, to be trained on pixels.
 *
 * @param tower over the checkpoint's tensors
 * @param preprocessing as the tower is served
 * @param whole whether its vectors are those of the shared space; else a head must follow
 * @param length of its rows
 * @param pooled how many of them the classifier reads
 */
record PixelTower(Tower tower, Preprocessing preprocessing, boolean whole, int length, int pooled) {
    /** BatchNorm's epsilon in weights that came from TensorFlow, as the bundled ones did. */
    private static final double EPSILON = 1e-3;

    private static final int HEAD_WIDTH = 64;
    private static final int TURNS = 16;

    /**
     * Reads a tower and runs it once, so that what does not fit is known before the first step.
     *
     * @throws JobException if the file holds no such tower; says what it holds
     */
    static PixelTower read(JobConfig.Image image) {
        Path file = image.weights();
        PixelTower read;
        try (TensorSource source = Checkpoint.open(file)) {
            read =
                    switch (image.tower()) {
                        case FEATURES ->
                                throw new IllegalStateException(
                                        "this is a bug: no tower of its own");
                        case EFFICIENTNET_LITE -> convolutions(file, source);
                        case CLIP ->
                                transformer(image, source, "visual.conv1.weight", ClipVision::owns);
                        case EVA02 ->
                                transformer(
                                        image, source, "patch_embed.proj.weight", EvaVision::owns);
                    };
        } catch (CheckpointException e) {
            throw new JobException("image.weights: " + e.getMessage(), e);
        }
        read.tryOut(image);
        return read;
    }

    private static PixelTower convolutions(Path file, TensorSource source) {
        for (String name : List.of("conv_stem.weight", "conv_head.weight", "classifier.weight")) {
            if (!source.names().contains(name)) {
                throw new JobException(
                        "image.tower is 'efficientnet-lite'; %s has no tensor %s, but %s"
                                .formatted(file, name, some(source)));
            }
        }
        TensorInfo head = source.info("conv_head.weight");
        int pooled = Math.toIntExact(head.size(0));
        int grid = 4 * Math.toIntExact(head.size(1));
        EfficientNetLite backbone =
                new EfficientNetLite(
                        Parameters.read(source, EfficientNetLite::owns),
                        EfficientNetLite.Border.SAME,
                        EPSILON);
        return new PixelTower(
                new GridFeatures(backbone),
                FrozenImages.PREPROCESSING,
                false,
                pooled + grid,
                pooled);
    }

    private static String some(TensorSource source) {
        return source.names().stream().sorted().limit(5).toList() + " and others";
    }

    private static PixelTower transformer(
            JobConfig.Image image, TensorSource source, String patches, Predicate<String> owns) {
        boolean eva = image.tower() == JobConfig.ImageTower.EVA02;
        ImageTower part = recognised(image, source, owns, eva ? "EVA-02" : "CLIP");
        Parameters parameters = Parameters.read(source, part.used()::contains);
        String kernel =
                parameters.all().keySet().stream()
                        .filter(name ->
                                name.endsWith(patches) || name.endsWith("patch_embedding.weight"))
                        .findFirst()
                        .orElseThrow();
        int width = Math.toIntExact(parameters.get(kernel).size(0));
        if (width % HEAD_WIDTH != 0) {
            throw new JobException(
                    "image.weights: %s is %d wide; heads are %d wide, so the width must be a multiple"
                            .formatted(image.weights(), width, HEAD_WIDTH));
        }
        int heads = width / HEAD_WIDTH;
        Tower tower =
                eva
                        ? new EvaVision(parameters, heads, TURNS)
                        : new ClipVision(
                                parameters,
                                heads,
                                image.quickGelu() ? Activation.QUICK_GELU : Activation.GELU);
        return new PixelTower(
                tower, ImageConfig.clip(part.size()), true, part.dimensions(), part.dimensions());
    }

    /** The exporter's own look at the file: what it would not write is not trained either. */
    private static ImageTower recognised(
            JobConfig.Image image, TensorSource source, Predicate<String> owns, String wanted) {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        for (String name : source.names()) {
            if (owns.test(name)) {
                infos.put(name, source.info(name));
            }
        }
        ObjectNode config = JsonMapper.builder().build().createObjectNode();
        config.put("quick_gelu", image.quickGelu());
        config.put("hidden_act", image.quickGelu() ? "quick_gelu" : "gelu");
        List<Part> parts;
        try {
            parts = Families.recognise(infos, config);
        } catch (IllegalArgumentException e) {
            throw new JobException(
                    "image.weights: %s: %s".formatted(image.weights(), e.getMessage()), e);
        }
        for (Part part : parts) {
            if (part instanceof ImageTower tower && tower.description().startsWith(wanted)) {
                return tower;
            }
        }
        String found =
                parts.isEmpty()
                        ? "no image tower that is known, but " + some(source)
                        : String.join("; ", parts.stream().map(Part::description).toList());
        throw new JobException(
                "image.tower is '%s'; %s holds %s"
                        .formatted(image.tower().word(), image.weights(), found));
    }

    private void tryOut(JobConfig.Image image) {
        int side = preprocessing.crop();
        try (Scope _ = Scope.open();
                Torch.NoGradient _ = Torch.noGradient()) {
            Tensor row = tower.forward(Tensors.zeros(Kind.F32, 1, 3, side, side), false);
            if (row.size(1) != length) {
                throw new IllegalArgumentException(
                        "it gives rows of %d values, not of %d".formatted(row.size(1), length));
            }
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            throw new JobException(
                    "image.weights: %s does not run as '%s': %s"
                            .formatted(
                                    image.weights(),
                                    image.tower().word(),
                                    message.lines().findFirst().orElse(message)),
                    e);
        }
    }
}
