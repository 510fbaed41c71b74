package io.cospace.training.model;

import io.cospace.export.checkpoint.TensorSource;
import io.cospace.training.torch.Device;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import io.cospace.training.torch.Torch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The tensors of one tower under the names that its checkpoint has for them, so that they can be
 * written back as they came. All fp32. Not thread-safe.
 */
public final class Parameters {
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /** An empty set, to be filled by {@link #add}. */
    public Parameters() {}

    /**
     * Reads some tensors of a checkpoint.
     *
     * @param wanted which names
     */
    public static Parameters read(TensorSource source, Predicate<String> wanted) {
        Parameters parameters = new Parameters();
        for (String name : source.names()) {
            if (wanted.test(name) && source.info(name).type().isFloating()) {
                parameters.add(name, TensorFile.read(source, name));
            }
        }
        return parameters;
    }

    /** Adds a tensor, which lives as long as this. */
    public Parameters add(String name, Tensor tensor) {
        tensors.put(name, tensor.kept());
        return this;
    }

    /** All of them by name; unmodifiable. */
    public Map<String, Tensor> all() {
        return Collections.unmodifiableMap(tensors);
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * One of them.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "no tensor %s among the %d of this tower".formatted(name, tensors.size()));
        }
        return tensor;
    }

    /** The first that is there, for what checkpoints spell differently. */
    String firstOf(String... names) {
        for (String name : names) {
            if (has(name)) {
                return name;
            }
        }
        throw new IllegalArgumentException("no tensor " + String.join(" or ", names));
    }

    /** Wants gradients of those that {@code trained} accepts, and of no others. */
    public void train(Predicate<String> trained) {
        tensors.forEach((name, tensor) -> tensor.requireGradient(trained.test(name)));
    }

    /** Constants with the same numbers and memory of their own. */
    public Parameters copied() {
        Parameters copy = new Parameters();
        try (Torch.NoGradient _ = Torch.noGradient()) {
            tensors.forEach((name, tensor) -> copy.add(name, tensor.detached().copied()));
        }
        return copy;
    }

    /** The same numbers on another device. */
    public Parameters on(Device device) {
        Parameters copy = new Parameters();
        try (Torch.NoGradient _ = Torch.noGradient()) {
            tensors.forEach((name, tensor) -> copy.add(name, tensor.detached().to(device)));
        }
        return copy;
    }

    /**
     * Takes over the numbers of a saved set.
     *
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public void restore(Map<String, Tensor> saved) {
        try (Torch.NoGradient _ = Torch.noGradient()) {
            tensors.forEach((name, tensor) -> {
                Tensor from = saved.get(name);
                if (from == null || !java.util.Arrays.equals(from.shape(), tensor.shape())) {
                    throw new IllegalArgumentException(
                            "tensor %s is %s; saved was %s".formatted(name, tensor, from));
                }
                tensor.copyInPlace(from);
            });
        }
    }

    /**
     * The moving average {@code this = m this + (1 - m) other}; 1 leaves all bits, 0 takes the
     * other's.
     *
     * @param momentum m, 0..1
     */
    public void average(Parameters other, double momentum) {
        if (momentum == 1) {
            return;
        }
        try (Torch.NoGradient _ = Torch.noGradient()) {
            tensors.forEach((name, tensor) ->
                    tensor.timesInPlace(momentum).plusInPlace(other.get(name), 1 - momentum));
        }
    }
}
