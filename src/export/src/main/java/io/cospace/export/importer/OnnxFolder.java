package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.graph.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder that already holds the graphs of both towers: as browsers load them ({@code
 * onnx/vision_model.onnx}, {@code onnx/text_model.onnx}, beside {@code preprocessor_config.json}
 * and {@code tokenizer.json}), or as photo libraries do ({@code visual/model.onnx}, {@code
 * textual/model.onnx}, with {@code visual/preprocess_cfg.json} and {@code textual/tokenizer.json}).
 *
 * @param folder as it was named
 * @param image graph files of the image tower by precision
 * @param text graph files of the text tower by precision
 */
record OnnxFolder(Path folder, Map<Precision, Path> image, Map<Precision, Path> text) {
    private static final List<String> PLACES = List.of("", "onnx/");

    /**
     * Endings of file names by precision. What others quantise has one scale a batch: the bundle's
     * int8-fast.
     */
    private static final Map<Precision, List<String>> ENDINGS = endings();

    private static Map<Precision, List<String>> endings() {
        Map<Precision, List<String>> endings = new LinkedHashMap<>();
        endings.put(Precision.FP32, List.of(""));
        endings.put(Precision.INT8_FAST, List.of("_quantized", "_int8"));
        endings.put(Precision.FP16, List.of("_fp16"));
        return endings;
    }

    /** The graphs of a folder; empty if it lacks those of a tower. */
    static Optional<OnnxFolder> find(Path folder) {
        Map<Precision, Path> image = new EnumMap<>(Precision.class);
        Map<Precision, Path> text = new EnumMap<>(Precision.class);
        ENDINGS.forEach((precision, endings) -> {
            for (String ending : endings) {
                for (String place : PLACES) {
                    put(
                            image,
                            precision,
                            folder.resolve(place + "vision_model" + ending + ".onnx"));
                    put(text, precision, folder.resolve(place + "text_model" + ending + ".onnx"));
                }
            }
        });
        put(image, Precision.FP32, folder.resolve("visual/model.onnx"));
        put(text, Precision.FP32, folder.resolve("textual/model.onnx"));
        return image.isEmpty() || text.isEmpty()
                ? Optional.empty()
                : Optional.of(new OnnxFolder(folder, image, text));
    }

    private static void put(Map<Precision, Path> files, Precision precision, Path file) {
        if (Files.isRegularFile(file)) {
            files.putIfAbsent(precision, file);
        }
    }

    /** {@code config.json}; missing if there is none. */
    JsonNode config() {
        return JsonFile.optional(folder.resolve("config.json"));
    }

    /** A file in the folder itself or in one of its towers' folders. */
    Optional<Path> file(String name) {
        for (String place : List.of("", "textual/", "visual/")) {
            Path file = folder.resolve(place + name);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** All graph files. */
    List<Path> files() {
        return Stream.concat(image.values().stream(), text.values().stream()).toList();
    }
}
