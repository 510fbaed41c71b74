package io.cospace.export.foreign;

import io.cospace.export.onnx.AttributeProto;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.NodeProto;
import io.cospace.export.onnx.TensorProto;

/** Names of values within a graph. */
final class ValueNames {
    private ValueNames() {}

    /**
     * Renames a value wherever nodes make or read it, in graphs inside of nodes too, and where a
     * weight has the name; the graph's own inputs and outputs keep theirs.
     */
    static void rename(GraphProto.Builder graph, String from, String to) {
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(from)) {
                    node.setInput(i, to);
                }
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(from)) {
                    node.setOutput(i, to);
                }
            }
            for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasG()) {
                    rename(attribute.getGBuilder(), from, to);
                }
            }
        }
        for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
            if (tensor.getName().equals(from)) {
                tensor.setName(to);
            }
        }
    }
}
