package io.cospace.export.graph;

/**
 * How attention splits its inputs.
 *
 * @param heads of the queries
 * @param keyHeads of keys and values; each serves heads / keyHeads queries
 * @param causal whether a token sees only itself and tokens before it
 */
record AttentionShape(int heads, int keyHeads, boolean causal) {
    /** As many key heads as query heads, everything visible. */
    static AttentionShape of(int heads) {
        return new AttentionShape(heads, heads, false);
    }

    AttentionShape bidirectional() {
        return new AttentionShape(heads, keyHeads, false);
    }
}
