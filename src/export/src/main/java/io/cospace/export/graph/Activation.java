package io.cospace.export.graph;

/** What stands between the two linear layers of a feed-forward block. */
public enum Activation {
    /** x * Phi(x), Phi the normal distribution function. */
    GELU,

    /** GELU by the tanh approximation. */
    GELU_TANH,

    /**
     * x * sigmoid(1.702 x). Written as the faster {@code y * sigmoid(y)} of y = 1.702 x, with the
     * factor in the layer before and its inverse in the one behind.
     */
    QUICK_GELU;

    private static final float QUICK = 1.702f;

    /** The layer before the activation. */
    Linear before(Linear up) {
        return this == QUICK_GELU ? up.scaled(QUICK, QUICK) : up;
    }

    /** The layer behind it. */
    Linear behind(Linear down) {
        Linear layer = down.afterGelu();
        return this == QUICK_GELU ? layer.scaled(1 / QUICK, 1) : layer;
    }

    Value apply(GraphBuilder g, Value x) {
        return switch (this) {
            case GELU -> g.node("Gelu").apply(x);
            case GELU_TANH -> g.node("Gelu").set("approximate", "tanh").apply(x);
            case QUICK_GELU -> g.contrib("QuickGelu").set("alpha", 1f).apply(x);
        };
    }
}
