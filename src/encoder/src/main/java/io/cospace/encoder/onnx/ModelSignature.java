package io.cospace.encoder.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.cospace.encoder.error.BundleException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The inputs and outputs that a graph must have: exactly these inputs, and at least these outputs.
 *
 * @param inputs what is fed
 * @param outputs what is read
 */
record ModelSignature(List<Port> inputs, List<Port> outputs) {

    /** A dimension that must be left open by the graph: batch size, length. */
    static final long OPEN = -1;

    /** A dimension that may have any size, which the graph must state. */
    static final long ANY = 0;

    ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A named tensor.
     *
     * @param type of its elements
     * @param shape each dimension a size, {@link #OPEN} or {@link #ANY}
     */
    record Port(String name, OnnxJavaType type, List<Long> shape) {

        Port {
            shape = List.copyOf(shape);
        }

        /** A tensor of float32. */
        static Port floats(String name, long... shape) {
            return new Port(name, OnnxJavaType.FLOAT, Arrays.stream(shape).boxed().toList());
        }

        /** A tensor of int64. */
        static Port longs(String name, long... shape) {
            return new Port(name, OnnxJavaType.INT64, Arrays.stream(shape).boxed().toList());
        }

        /**
         * Whether a graph's tensor will do: a size may also be left open there, an open dimension
         * must be.
         */
        boolean accepts(TensorInfo found) {
            long[] sizes = found.getShape();
            if (found.type != type || sizes.length != shape.size()) {
                return false;
            }
            for (int i = 0; i < sizes.length; i++) {
                long wanted = shape.get(i);
                boolean fits =
                        wanted == ANY ? sizes[i] != OPEN : sizes[i] == wanted || sizes[i] == OPEN;
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return describe(type, shape);
        }
    }

    /**
     * Compares a loaded graph with this signature.
     *
     * @param file for the messages
     * @throws BundleException at the first difference
     */
    void check(String file, Map<String, NodeInfo> foundInputs, Map<String, NodeInfo> foundOutputs) {
        TreeSet<String> wanted =
                inputs.stream().map(Port::name).collect(Collectors.toCollection(TreeSet::new));
        if (!wanted.equals(foundInputs.keySet())) {
            throw BundleException.mismatch(
                    file, "inputs", wanted, new TreeSet<>(foundInputs.keySet()));
        }
        inputs.forEach(port -> check(file, "input ", port, foundInputs));
        outputs.forEach(port -> check(file, "output ", port, foundOutputs));
    }

    private static void check(String file, String kind, Port port, Map<String, NodeInfo> found) {
        NodeInfo node = found.get(port.name);
        if (node == null) {
            throw BundleException.mismatch(
                    file, kind + port.name, port, "outputs " + new TreeSet<>(found.keySet()));
        }
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw BundleException.mismatch(file, kind + port.name, port, node.getInfo());
        }
        if (!port.accepts(tensor)) {
            List<Long> shape = Arrays.stream(tensor.getShape()).boxed().toList();
            throw BundleException.mismatch(
                    file, kind + port.name, port, describe(tensor.type, shape));
        }
    }

    private static String describe(OnnxJavaType type, List<Long> shape) {
        return shape.stream()
                .map(size -> size == OPEN ? "open" : size == ANY ? "any" : size.toString())
                .collect(Collectors.joining(", ", type + " [", "]"));
    }
}
