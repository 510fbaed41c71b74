package io.cospace.training.job;

import io.cospace.training.model.LinearHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * A linear map of features that are standardised first; only the map is trained. Tensors: {@code
 * projection.weight} [D, F] and {@code projection.bias} [D], {@code mean} and {@code deviation}
 * [F].
 */
final class StandardHead implements Tower {
    private final Parameters parameters;

    StandardHead(Parameters parameters) {
        this.parameters = parameters;
    }

    /** Over a map and the features' statistics. */
    static StandardHead of(Parameters map, Statistics of) {
        Parameters all = new Parameters();
        map.all().forEach(all::add);
        all.add("mean", Tensors.of(of.mean(), of.mean().length));
        return new StandardHead(
                all.add("deviation", Tensors.of(of.deviation(), of.deviation().length)));
    }

    @Override
    public Tensor forward(Tensor features, boolean training) {
        Tensor centred = features.minus(parameters.get("mean"));
        return new LinearHead(parameters)
                .forward(centred.over(parameters.get("deviation")), training);
    }

    @Override
    public boolean trainable(String name) {
        return name.startsWith("projection.");
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new StandardHead(other);
    }
}
