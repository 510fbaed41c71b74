package io.cospace.export.graph;

import com.google.protobuf.ByteString;
import io.cospace.export.onnx.AttributeProto;
import io.cospace.export.onnx.AttributeProto.AttributeType;
import io.cospace.export.onnx.NodeProto;
import io.cospace.export.onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;

/**
 * A node in the making: attributes are set one by one, then {@link #apply} adds it to its graph.
 * Used once, by one thread.
 */
public final class Operator {
    private final GraphBuilder graph;
    private final NodeProto.Builder node = NodeProto.newBuilder();

    Operator(GraphBuilder graph, String type, String domain) {
        this.graph = graph;
        node.setOpType(type);
        if (!domain.isEmpty()) {
            node.setDomain(domain);
        }
    }

    Operator set(String name, long value) {
        node.addAttribute(attribute(name, AttributeType.INT).setI(value));
        return this;
    }

    Operator set(String name, float value) {
        node.addAttribute(attribute(name, AttributeType.FLOAT).setF(value));
        return this;
    }

    Operator set(String name, String value) {
        node.addAttribute(
                attribute(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
        return this;
    }

    Operator set(String name, long... values) {
        AttributeProto.Builder ints = attribute(name, AttributeType.INTS);
        for (long value : values) {
            ints.addInts(value);
        }
        node.addAttribute(ints);
        return this;
    }

    Operator set(String name, TensorProto.DataType type) {
        return set(name, (long) type.getNumber());
    }

    /** Adds the node and returns its only output. */
    Value apply(Value... inputs) {
        return apply(1, inputs).getFirst();
    }

    /**
     * Adds the node and returns its first {@code outputs} outputs. {@link Value#NONE} leaves an
     * optional input out; ones at the end are cut, as ONNX wants it.
     */
    List<Value> apply(int outputs, Value... inputs) {
        int last = inputs.length;
        while (last > 0 && inputs[last - 1].isNone()) {
            last--;
        }
        for (int i = 0; i < last; i++) {
            node.addInput(inputs[i].name());
        }
        String base = graph.nextNodeName(node.getOpType());
        node.setName(base);
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            String name = i == 0 ? base : base + "." + i;
            node.addOutput(name);
            results.add(new Value(name));
        }
        graph.add(node.build());
        return results;
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
