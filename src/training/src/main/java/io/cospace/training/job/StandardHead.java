package io.cospace.training.job;

import io.cospace.training.model.LinearHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/** A linear map of features that are standardised first; only the map is trained. */
final class StandardHead implements Tower {
    private final LinearHead head;
    private final float[] mean;
    private final float[] deviation;

    StandardHead(Parameters map, float[] mean, float[] deviation) {
        this.head = new LinearHead(map);
        this.mean = mean;
        this.deviation = deviation;
    }

    @Override
    public Tensor forward(Tensor features, boolean training) {
        Tensor centred = features.minus(Tensors.of(mean, mean.length));
        return head.forward(centred.over(Tensors.of(deviation, deviation.length)), training);
    }

    @Override
    public Parameters parameters() {
        return head.parameters();
    }

    @Override
    public Tower over(Parameters other) {
        return new StandardHead(other, mean, deviation);
    }
}
