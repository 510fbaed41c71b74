package io.cospace.export.graph;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One part of a model as a {@link Family} recognised it in a checkpoint. All names are the
 * checkpoint's; {@link Weights} that are handed to a factory hold the tensors of {@link #used}
 * under these names, byte for byte as they came or in fp32.
 */
public sealed interface Part {
    /** One line for people: architecture, spelling, sizes. */
    String description();

    /**
     * Names of all tensors that the network reads: what a reference file of this part must hold.
     */
    Set<String> used();

    /**
     * Names of tensors that belong to this part and are not needed, with the reason ("recomputed
     * rotary table", "pooler without use in mean pooling").
     */
    Map<String, String> ignored();

    /**
     * An image tower.
     *
     * @param size side of the image in pixels
     * @param dimensions length of its vectors
     * @param network the tower over its weights
     */
    record ImageTower(
            String description,
            Set<String> used,
            Map<String, String> ignored,
            int size,
            int dimensions,
            Function<Weights, Network> network)
            implements Part {}

    /**
     * A text tower.
     *
     * @param features size of {@code pooled}
     * @param maxTokens most tokens of one text, special ones included
     * @param pooling how one row is made of all
     * @param head the tower's own projection over its weights, or none but the L2 norm
     * @param network the tower
     */
    record TextTower(
            String description,
            Set<String> used,
            Map<String, String> ignored,
            int features,
            int maxTokens,
            Pooling pooling,
            Function<Weights, Head> head,
            TextNetwork network)
            implements Part {}

    /**
     * An adapter from a text embedder's pooled rows to the shared space.
     *
     * @param features size of the rows that it takes
     * @param dimensions length of the vectors
     * @param head the adapter over its weights
     */
    record Adapter(
            String description,
            Set<String> used,
            Map<String, String> ignored,
            int features,
            int dimensions,
            AdapterHead head)
            implements Part {}

    /** How a text tower makes one row of its token rows. */
    enum Pooling {
        MEAN,
        FIRST,
        LAST
    }

    /** Makes the network of a text tower. */
    @FunctionalInterface
    interface TextNetwork {
        /**
         * The tower.
         *
         * @param head what makes the vector of the pooled row: the tower's own or an adapter
         * @param skip first tokens of each text that mean pooling leaves out
         */
        Network of(Weights weights, TextLayout layout, Pooling pooling, int skip, Head head);
    }

    /** Makes the head of an adapter. */
    @FunctionalInterface
    interface AdapterHead {
        /**
         * The adapter.
         *
         * @param normaliseInput whether rows are brought to unit length first
         */
        Head of(Weights weights, boolean normaliseInput);
    }
}
