package io.cospace.export.graph;

/** How a graph computes its linear layers; everything else is fp32 in all of them. */
public enum Precision {
    /** Single precision throughout: the reference that the others are measured against. */
    FP32("fp32"),

    /**
     * 8-bit weights with one scale a column, 8-bit activations with one scale a row, so that a
     * row's result does not depend on the other rows of its batch.
     */
    INT8("int8"),

    /**
     * As {@link #INT8} but with one activation scale for the whole batch: faster, and the same item
     * gets another vector in other company.
     */
    INT8_FAST("int8-fast"),

    /** Half precision for GPUs: linear layers and attention; residuals and norms stay fp32. */
    FP16("fp16");

    private final String id;

    Precision(String id) {
        this.id = id;
    }

    /** The name in file names and in the manifest. */
    public String id() {
        return id;
    }
}
