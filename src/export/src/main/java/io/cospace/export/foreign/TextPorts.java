package io.cospace.export.foreign;

import io.cospace.export.ExportException;
import io.cospace.export.foreign.ForeignGraph.Port;
import io.cospace.export.onnx.TensorProto.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inputs of another exporter's text tower.
 *
 * @param ids token ids [n, s]
 * @param mask 1 for tokens, 0 for padding; [n, s]
 * @param types token types, always 0; [n, s]
 */
record TextPorts(Port ids, Optional<Port> mask, Optional<Port> types) {

    /**
     * Tells the inputs apart by name; a sole input holds the ids, whatever its name.
     *
     * @throws ExportException if there is an input of another meaning or form
     */
    static TextPorts of(Path file, List<Port> inputs) {
        Optional<Port> ids = Optional.empty();
        Optional<Port> mask = Optional.empty();
        Optional<Port> types = Optional.empty();
        List<Port> unknown = new ArrayList<>();
        for (Port input : inputs) {
            boolean fits = input.dims().size() == 2 && isWhole(input.type());
            if (fits && (input.name().equals("input_ids") || inputs.size() == 1)) {
                ids = Optional.of(input);
            } else if (fits && input.name().equals("attention_mask")) {
                mask = Optional.of(input);
            } else if (fits && input.name().equals("token_type_ids")) {
                types = Optional.of(input);
            } else {
                unknown.add(input);
            }
        }
        if (ids.isEmpty() || !unknown.isEmpty()) {
            throw new ExportException(
                    "%s reads %s; a text tower reads input_ids [n, s] and perhaps attention_mask and token_type_ids"
                            .formatted(file, inputs));
        }
        return new TextPorts(ids.get(), mask, types);
    }

    private static boolean isWhole(int type) {
        return type == DataType.INT64_VALUE || type == DataType.INT32_VALUE;
    }
}
