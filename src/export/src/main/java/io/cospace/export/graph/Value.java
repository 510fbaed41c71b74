package io.cospace.export.graph;

/**
 * A tensor inside a graph: an input, an initializer or the output of a node.
 *
 * @param name the name by which nodes refer to it; empty for {@link #NONE}
 */
public record Value(String name) {
    /** Stands for an optional input that is left out. */
    public static final Value NONE = new Value("");

    boolean isNone() {
        return name.isEmpty();
    }
}
