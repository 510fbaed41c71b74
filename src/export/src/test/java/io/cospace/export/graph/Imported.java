package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a checkpoint, recognised by its family and with its tensors in a reference file, as an
 * import makes it.
 *
 * @param unknown names of the checkpoint that no family has claimed
 */
record Imported<P extends Part>(P part, Safetensors file, List<String> unknown)
        implements AutoCloseable {

    /** Imports the only part of a kind; tensors go to {@code folder}. */
    static <P extends Part> Imported<P> of(
            Class<P> kind, Path checkpoint, JsonNode config, Path folder) {
        try (TensorSource source = Checkpoint.open(checkpoint)) {
            Map<String, TensorInfo> infos = new LinkedHashMap<>();
            source.names().forEach(name -> infos.put(name, source.info(name)));
            List<Part> parts = Families.recognise(infos, config);
            P part =
                    parts.stream()
                            .filter(kind::isInstance)
                            .map(kind::cast)
                            .findFirst()
                            .orElseThrow();
            SafetensorsWriter writer = new SafetensorsWriter();
            part.used().forEach(name -> writer.add(name, source));
            Path file = folder.resolve(kind.getSimpleName() + ".safetensors");
            writer.write(file);
            List<String> unknown =
                    infos.keySet().stream()
                            .filter(name ->
                                    parts.stream()
                                            .noneMatch(p ->
                                                    p.used().contains(name)
                                                            || p.ignored().containsKey(name)))
                            .toList();
            return new Imported<>(part, Safetensors.open(file), unknown);
        }
    }

    Weights weights() {
        return Weights.of(file);
    }

    @Override
    public void close() {
        file.close();
    }
}
