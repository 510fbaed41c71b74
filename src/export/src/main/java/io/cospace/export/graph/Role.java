package io.cospace.export.graph;

/** What a linear layer does in its network; by it a {@link PrecisionPlan} picks layers. */
public enum Role {
    QUERY,
    KEY,
    VALUE,
    /** The projection after the heads are joined. */
    ATTENTION_OUTPUT,
    /** Into the hidden layer of a feed-forward block. */
    FEED_FORWARD_UP,
    /** The gating half of a SwiGLU block. */
    FEED_FORWARD_GATE,
    /** Out of the hidden layer of a feed-forward block. */
    FEED_FORWARD_DOWN,
    /** Pixels of one patch to its token. */
    PATCH,
    /** Pooled features to the shared space. */
    PROJECTION
}
