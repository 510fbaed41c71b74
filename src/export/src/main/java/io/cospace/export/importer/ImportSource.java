package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.LoraTensors;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.Families;
import io.cospace.export.graph.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One file or folder that an import reads: its tensors, its configuration and the parts that were
 * recognised in it. Owns the mapping.
 *
 * @param path as it was named
 * @param folder that holds it, or the path itself: where configuration and tokenizer lie
 * @param config {@code config.json}, or {@code model_cfg} of {@code open_clip_config.json}; missing
 *     for a bare checkpoint
 * @param tensors all tensors, adapters merged
 * @param infos type and shape of each
 * @param parts what was recognised
 */
record ImportSource(
        Path path,
        Path folder,
        JsonNode config,
        TensorSource tensors,
        Map<String, TensorInfo> infos,
        List<Part> parts)
        implements AutoCloseable {
    /** File names that say that their folder is one model's. */
    private static final Set<String> MODEL_FILES =
            Set.of(
                    "model.safetensors",
                    "pytorch_model.bin",
                    "model.safetensors.index.json",
                    "pytorch_model.bin.index.json",
                    "open_clip_model.safetensors",
                    "open_clip_pytorch_model.bin");

    /**
     * Opens a source.
     *
     * @param lora folder of a low-rank adapter to merge into it
     * @param options what the user said of activation and image size
     * @throws ImportException if nothing in it is known, or not computed here
     */
    static ImportSource open(Path path, Optional<Path> lora, ImportOptions options) {
        Path file = Checkpoint.weights(path);
        boolean isFolder = Files.isDirectory(path);
        Path folder = isFolder ? path : parent(path);
        boolean isModel = isFolder || MODEL_FILES.contains(String.valueOf(file.getFileName()));
        JsonNode config = isModel ? config(folder) : MissingNode.getInstance();
        if (options.activation().isPresent()) {
            config = withActivation(config, options.activation().get());
        }
        if (options.imageSize().isPresent()) {
            config = withImageSize(config, options.imageSize().getAsInt());
        }
        TensorSource tensors = Checkpoint.open(file);
        try {
            if (lora.isPresent()) {
                tensors = LoraTensors.merge(tensors, lora.get());
            }
            Map<String, TensorInfo> infos = new LinkedHashMap<>();
            for (String name : tensors.names()) {
                infos.put(name, tensors.info(name));
            }
            List<Part> parts = Families.recognise(Collections.unmodifiableMap(infos), config);
            return new ImportSource(path, folder, config, tensors, infos, parts);
        } catch (IllegalArgumentException e) {
            tensors.close();
            throw new ImportException(path, "cannot be imported: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            tensors.close();
            throw e;
        }
    }

    /** Whether a folder holds a low-rank adapter and no model. */
    static boolean isLora(Path path) {
        return Files.isRegularFile(path.resolve("adapter_config.json"))
                && !Files.isRegularFile(path.resolve("config.json"));
    }

    /** A single number, as {@code logit_scale} is; empty if there is no such tensor. */
    Optional<Double> scalar(String name) {
        TensorInfo info = infos.get(name);
        return info != null && info.elements() == 1
                ? Optional.of((double) tensors.floats(name)[0])
                : Optional.empty();
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    private static JsonNode config(Path folder) {
        JsonNode config = JsonFile.optional(folder.resolve("config.json"));
        return config.isMissingNode()
                ? JsonFile.optional(folder.resolve("open_clip_config.json")).path("model_cfg")
                : config;
    }

    private static ObjectNode copy(JsonNode config) {
        return config instanceof ObjectNode object
                ? object.deepCopy()
                : JsonFile.MAPPER.createObjectNode();
    }

    private static JsonNode withImageSize(JsonNode config, int size) {
        ObjectNode known = copy(config);
        for (String tower : List.of("vision_config", "vision_cfg")) {
            if (known.path(tower) instanceof ObjectNode settings) {
                settings.put("image_size", size);
            }
        }
        return known.put("image_size", size);
    }

    private static JsonNode withActivation(JsonNode config, String activation) {
        ObjectNode known = copy(config);
        for (String tower : List.of("vision_config", "text_config")) {
            if (known.path(tower) instanceof ObjectNode settings) {
                settings.put("hidden_act", activation);
            }
        }
        known.put("hidden_act", activation).put("quick_gelu", activation.equals("quick_gelu"));
        return known;
    }

    @Override
    public void close() {
        tensors.close();
    }
}
