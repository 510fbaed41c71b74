package io.cospace.training.job;

import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.LinearHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensors;

/**
 * The image towers that recipes start from; each call makes one with parameters of its own.
 *
 * @param headDimensions of vectors where a head makes them
 */
record FirstTowers(JobData data, int headDimensions) {
    /** A whole tower says how long vectors are; else the settings do. */
    int dimensions() {
        return data.whole() ? data.images().length() : headDimensions;
    }

    /** A new linear map of the standardised features, or a whole tower as it came. */
    Tower random(int out) {
        return data.images()
                .whole()
                .orElseGet(() -> {
                    Parameters map = LinearHead.random(data.images().length(), out);
                    return data.images().ending(StandardHead.of(map, data.images().statistics()));
                });
    }

    /** Where the teacher has an image: the classes' places by their probabilities. */
    Tower known() {
        return data.images().ending(new FeatureHead(table()));
    }

    /** The same with a map of the features on it; a whole tower is where its teacher is. */
    Tower free() {
        return data.images()
                .whole()
                .orElseGet(() -> {
                    Statistics of = data.images().statistics();
                    return data.images()
                            .ending(
                                    new FeatureHead(
                                            FeatureHead.withResidual(
                                                    table(), of.mean(), of.deviation())));
                });
    }

    private Parameters table() {
        JobData.Classes classes = data.known();
        int count = classes.bias().length;
        return new Parameters()
                .add(
                        "targets",
                        Tensors.of(classes.teacher().targets().toFloats(), count, dimensions()))
                .add(
                        "classifier.weight",
                        Tensors.of(classes.weight(), count, data.images().pooled()))
                .add("classifier.bias", Tensors.of(classes.bias(), count));
    }
}
