package io.cospace.export.graph;

/** What can write itself into a graph: inputs, nodes and outputs. */
@FunctionalInterface
public interface Network {
    void build(Target target);
}
