package io.cospace.export.graph;

/**
 * The output of a linear layer whose bias may still have to be added: a following {@code
 * SkipLayerNormalization} adds it for nothing.
 *
 * @param value [t, out]
 * @param bias [out], or {@link Value#NONE} when it is in already
 */
record Product(Value value, Value bias) {}
