package io.cospace.export.checkpoint;

import io.cospace.export.checkpoint.PickleValue.Module;
import io.cospace.export.checkpoint.PickleValue.Storage;
import io.cospace.export.checkpoint.PickleValue.Tensor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights in an unpickled object: the state dict itself, a training checkpoint that wraps
 * it ({@code state_dict}, {@code model} or {@code module}, beside optimiser state that is left
 * alone), or a TorchScript module tree. Nested dictionaries become dotted names.
 */
final class StateDict {
    /** In this order; recipes as of open_clip's factory and EVA-CLIP's load_checkpoint. */
    private static final List<String> WRAPPERS = List.of("state_dict", "model", "module");

    private static final int MAX_DEPTH = 100;
    private static final int MAX_TENSORS = 1_000_000;
    private static final int MAX_NAME = 1000;

    private final Path file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int visited;

    private StateDict(Path file) {
        this.file = file;
    }

    /**
     * The tensors of the state dict by name.
     *
     * @throws CheckpointException if there is none
     */
    static Map<String, Tensor> tensors(Path file, @Nullable Object root) {
        StateDict dict = new StateDict(file);
        dict.collect("", unwrap(root), 0);
        if (dict.tensors.isEmpty()) {
            throw new CheckpointException(
                    file, "holds no tensors under " + WRAPPERS + " nor at its top");
        }
        return dict.tensors;
    }

    /** Every storage that anything in the object refers to, the optimiser's too, by its key. */
    static Map<String, Storage> storages(@Nullable Object root) {
        Map<String, Storage> storages = new LinkedHashMap<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        enqueue(open, root);
        while (!open.isEmpty()) {
            Object value = open.pop();
            if (!seen.add(value)) {
                continue;
            }
            switch (value) {
                case Tensor tensor -> storages.put(tensor.storage().key(), tensor.storage());
                case Storage storage -> storages.put(storage.key(), storage);
                case Module module -> open.push(module.attributes());
                case Map<?, ?> map -> map.values().forEach(child -> enqueue(open, child));
                case List<?> list -> list.forEach(child -> enqueue(open, child));
                default -> {
                    // Numbers and text refer to nothing.
                }
            }
        }
        return storages;
    }

    private static void enqueue(Deque<Object> open, @Nullable Object value) {
        if (value != null) {
            open.push(value);
        }
    }

    private static @Nullable Object unwrap(@Nullable Object root) {
        Object object = root;
        for (int depth = 0; depth < WRAPPERS.size(); depth++) {
            Object inner = inner(object, 0);
            if (inner == null) {
                return object;
            }
            object = inner;
        }
        return object;
    }

    private static @Nullable Object inner(@Nullable Object object, int depth) {
        if (depth < WRAPPERS.size() && object instanceof Map<?, ?> map) {
            for (String wrapper : WRAPPERS) {
                if (map.get(wrapper) instanceof Map<?, ?> inner && holdsTensors(inner, depth)) {
                    return inner;
                }
            }
        }
        return null;
    }

    private static boolean holdsTensors(Map<?, ?> map, int depth) {
        return map.values().stream().anyMatch(Tensor.class::isInstance)
                || inner(map, depth + 1) != null;
    }

    private void collect(String name, @Nullable Object value, int depth) {
        visited++;
        if (depth > MAX_DEPTH || visited > 8 * MAX_TENSORS || name.length() > MAX_NAME) {
            throw new CheckpointException(file, "is nested without end at " + shown(name));
        }
        switch (value) {
            case Tensor tensor -> add(name, tensor);
            case Module module -> collectAll(name, module.attributes(), depth);
            case Map<?, ?> map -> collectAll(name, map, depth);
            case null, default -> {
                // Epochs, options and lists: no weights.
            }
        }
    }

    private void collectAll(String name, Map<?, ?> map, int depth) {
        String prefix = name.isEmpty() ? "" : name + ".";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getKey() instanceof String key) {
                collect(prefix + key, entry.getValue(), depth + 1);
            } else if (entry.getValue() instanceof Tensor) {
                throw new CheckpointException(file, "holds a tensor without a name in " + name);
            }
        }
    }

    private void add(String name, Tensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new CheckpointException(file, "holds tensor " + shown(name) + " twice");
        }
        if (tensors.size() > MAX_TENSORS) {
            throw new CheckpointException(file, "holds more than " + MAX_TENSORS + " tensors");
        }
    }

    private static String shown(String name) {
        return name.length() > 200 ? name.substring(0, 200) + "..." : name;
    }
}
