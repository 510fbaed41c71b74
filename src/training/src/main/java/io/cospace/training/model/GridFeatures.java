package io.cospace.training.model;

import io.cospace.training.torch.Tensor;

/**
 * A backbone as a tower that ends in what {@link FeatureHead} reads: its pooled features and the
 * 2x2 grid behind them. Input: pixels [n, 3, size, size], normalised.
 */
public record GridFeatures(EfficientNetLite backbone) implements Tower {
    @Override
    public Tensor forward(Tensor pixels, boolean training) {
        return backbone.featuresAndGrid(pixels);
    }

    @Override
    public Parameters parameters() {
        return backbone.parameters();
    }

    @Override
    public Tower over(Parameters other) {
        return new GridFeatures(backbone.over(other));
    }

    @Override
    public boolean trainable(String name) {
        return backbone.trainable(name);
    }

    @Override
    public int depth() {
        return backbone.depth();
    }
}
