package io.cospace.training.align;

import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process' rows of one step, as arrays: made by the data side on any thread, turned into
 * tensors by the trainer. Not changed once it is handed over.
 */
public final class Batch {
    private final List<String> keys;
    private final Map<Side, Rows> inputs = new EnumMap<>(Side.class);
    private final Map<Side, Rows> targets = new EnumMap<>(Side.class);
    private long @Nullable [] captions;

    /** Numbers of a shape whose first size counts rows. */
    public sealed interface Rows {
        /** Sizes, rows first. */
        long[] shape();
    }

    /** Pixels [n, 3, h, w], features or vectors [n, d]; the array is not copied. */
    @SuppressWarnings("ArrayRecordComponent") // only handed over, never compared
    public record Floats(float[] values, long... shape) implements Rows {}

    /** Token numbers [n, t]; the array is not copied. */
    @SuppressWarnings("ArrayRecordComponent") // only handed over, never compared
    public record Numbers(long[] values, long... shape) implements Rows {}

    /**
     * A batch without rows yet.
     *
     * @param keys of its samples, which evidence of a failed step names
     */
    public Batch(List<String> keys) {
        this.keys = List.copyOf(keys);
    }

    /** With what the tower of a side reads. */
    public Batch input(Side side, Rows rows) {
        inputs.put(side, rows);
        return this;
    }

    /** With the teacher's vectors of a side, [n, D] of any length but zero. */
    public Batch target(Side side, Floats rows) {
        targets.put(side, rows);
        return this;
    }

    /** With a number for each sample's caption: equal ones are not each other's negatives. */
    public Batch captions(long... numbers) {
        captions = numbers;
        return this;
    }

    public List<String> keys() {
        return keys;
    }

    /** What each side's tower reads. */
    public Map<Side, Rows> inputs() {
        return inputs;
    }

    /** The teacher's vectors of each side. */
    public Map<Side, Rows> targets() {
        return targets;
    }

    /** Caption numbers, or null. */
    long @Nullable [] captions() {
        return captions;
    }

    /** A side's input. */
    Rows input(Side side) {
        return given(inputs, side, "input");
    }

    Rows target(Side side) {
        return given(targets, side, "target");
    }

    private static Rows given(Map<Side, Rows> map, Side side, String what) {
        Rows rows = map.get(side);
        if (rows == null) {
            throw new IllegalArgumentException(
                    "the stage needs the %s of %s; the batch has those of %s"
                            .formatted(what, side, map.keySet()));
        }
        return rows;
    }

    static Tensor tensor(Rows rows) {
        return switch (rows) {
            case Floats floats -> Tensors.of(floats.values(), floats.shape());
            case Numbers numbers -> Tensors.of(numbers.values(), numbers.shape());
        };
    }
}
