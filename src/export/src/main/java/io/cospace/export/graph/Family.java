package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import java.util.Map;
import java.util.Optional;

/**
 * An architecture in one spelling: knows it by the names and shapes of its tensors and by the
 * configuration beside them. A checkpoint may hold several parts, each recognised by its own family
 * (an image tower and an adapter, say); every family leaves alone what it does not know.
 */
public interface Family {
    /**
     * Looks for this family's part in a checkpoint.
     *
     * @param tensors type and shape of every tensor, by the checkpoint's names (prefixes of
     *     data-parallel training are off)
     * @param config the folder's {@code config.json} whole, or a missing node; what belongs to one
     *     tower may lie under {@code vision_config} or {@code text_config}
     * @return the part, or empty if there is none of this family
     * @throws IllegalArgumentException if there is one, but its tensors or configuration say what
     *     this project does not compute; names the tensor or key
     */
    Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config);
}
