package io.cospace.export.graph;

import io.cospace.export.checkpoint.SafetensorsWriter.Extent;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One graph in the making at one precision: where its nodes and its derived tensors go. Not
 * thread-safe.
 */
public final class Target {
    private final GraphBuilder graph;
    private final DerivedTensors derived;
    private final PrecisionPlan plan;
    private final Map<Value, Value> halves = new HashMap<>();
    private final Map<String, Value> widened = new HashMap<>();
    private final Map<Activation, Quantised> activations = new HashMap<>();
    private final Map<Value, Value> alike = new HashMap<>();
    private final Map<Activation, Value> zeros = new HashMap<>();

    /** A value and the code that stands for 0 in its quantised form; -1: as the batch has it. */
    record Activation(Value value, int zeroPoint) {}

    /**
     * A value [t, k] in 8 bits.
     *
     * @param codes uint8 [t, k]
     * @param scale fp32, of each row [t, 1] or of all
     * @param zeroPoint uint8 scalar
     */
    record Quantised(Value codes, Value scale, Value zeroPoint) {}

    Target(GraphBuilder graph, DerivedTensors derived, PrecisionPlan plan) {
        this.graph = graph;
        this.derived = derived;
        this.plan = plan;
    }

    /**
     * The same graph, where layers of 8 bits keep fp32 arithmetic: for a head that also stands in a
     * graph of its own, whose vectors must be the same.
     */
    Target exact() {
        return switch (plan.precision()) {
            case INT8, INT8_FAST -> new Target(graph, derived, PrecisionPlan.of(Precision.FP32));
            case FP32, FP16 -> this;
        };
    }

    GraphBuilder graph() {
        return graph;
    }

    PrecisionPlan plan() {
        return plan;
    }

    /** The quantised forms made so far, so that layers which read the same value share them. */
    Map<Activation, Quantised> activations() {
        return activations;
    }

    /** Says that a value has as many rows as an earlier one, so that both may share constants. */
    void sameRows(Value value, Value earlier) {
        if (!value.equals(earlier)) {
            alike.putIfAbsent(value, first(earlier));
        }
    }

    /** The code that stands for 0 once for each row of a value; made once for all values alike. */
    Value zeros(Activation activation, Supplier<Value> repeated) {
        Activation key = new Activation(first(activation.value()), activation.zeroPoint());
        return zeros.computeIfAbsent(key, _ -> repeated.get());
    }

    /** The earliest value that is known to have as many rows. */
    private Value first(Value value) {
        return alike.getOrDefault(value, value);
    }

    /** A stored tensor as it is. */
    Value stored(Slice slice) {
        return stored(slice, slice.info().shape());
    }

    /** A stored tensor as it is, seen in another shape of as many bytes. */
    Value stored(Slice slice, long... dims) {
        return graph.external(
                slice.id(),
                type(slice.info().type()),
                slice.file().file().getFileName().toString(),
                slice.offset(),
                slice.info().bytes(),
                dims);
    }

    /**
     * A stored tensor in fp32: itself, or a cast of it that ONNX Runtime computes once, when the
     * model is loaded.
     */
    Value single(Slice slice) {
        return switch (slice.info().type()) {
            case F32 -> stored(slice);
            case F16, BF16, F64 -> widened.computeIfAbsent(slice.id(), id -> widen(slice));
            case I64, I32, I16, I8, U16, U8, BOOL ->
                    throw new IllegalArgumentException(
                            slice.stored()
                                    + " "
                                    + slice.info()
                                    + " holds no floating-point numbers");
        };
    }

    /** A value in fp16; undoes {@link #widen(Value)} where that is where it comes from. */
    Value half(Value single) {
        return halves.computeIfAbsent(
                single, value -> graph.node("Cast").set("to", DataType.FLOAT16).apply(value));
    }

    /**
     * Some nodes over fp32 values: in fp16 where the graph is of that precision, so that no casts
     * stand between them and the linear layers before and behind; else as they are.
     */
    Value half(List<Value> singles, Function<List<Value>, Value> nodes) {
        return plan.precision() == Precision.FP16
                ? widen(nodes.apply(singles.stream().map(this::half).toList()))
                : nodes.apply(singles);
    }

    /** A fp16 value in fp32. */
    Value widen(Value half) {
        Value single = graph.node("Cast").set("to", DataType.FLOAT).apply(half);
        halves.put(single, half);
        return single;
    }

    /** A tensor that goes to the derived file; its bytes are asked for when that is written. */
    Value derived(String name, TensorInfo info, Supplier<ByteBuffer> bytes) {
        derived.add(name, info, bytes);
        return graph.initializer(
                name,
                () -> {
                    Extent extent = derived.extent(name);
                    return GraphBuilder.externalTensor(
                            name,
                            type(info.type()),
                            derived.file(),
                            extent.offset(),
                            extent.length(),
                            info.shape());
                });
    }

    private Value widen(Slice slice) {
        return graph.node("Cast").set("to", DataType.FLOAT).apply(stored(slice));
    }

    private static DataType type(io.cospace.export.checkpoint.DataType type) {
        return switch (type) {
            case F64 -> DataType.DOUBLE;
            case F32 -> DataType.FLOAT;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I16 -> DataType.INT16;
            case I8 -> DataType.INT8;
            case U16 -> DataType.UINT16;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOL;
        };
    }
}
