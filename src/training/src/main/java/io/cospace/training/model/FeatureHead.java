package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * The image side of the default model over cached features of a frozen backbone: the classes'
 * vectors weighted by their probabilities, {@code p T}, and on the free path also a linear map of
 * the standardised features, {@code p T + R x + b}. Both start at the teacher: T at the class
 * targets, R and b at 0.
 *
 * <p>Input: [n, F], the classifier's features first, then any others. Tensors: {@code targets} [C,
 * D]; on the free path {@code residual.weight} [D, F] and {@code residual.bias} [D], {@code mean}
 * and {@code deviation} [F]; {@code classifier.weight} [C, d] and {@code classifier.bias} [C],
 * which with mean and deviation are never trained.
 */
public final class FeatureHead implements Tower {
    private static final String RESIDUAL = "residual";

    private final Parameters parameters;

    public FeatureHead(Parameters parameters) {
        this.parameters = parameters;
    }

    /** Adds the free path's map, all zero, over features with a mean and a deviation. */
    public static Parameters withResidual(Parameters classPath, float[] mean, float[] deviation) {
        Parameters made = classPath.copied();
        int features = mean.length;
        int dimensions = Math.toIntExact(classPath.get("targets").size(1));
        made.add(
                RESIDUAL + ".weight",
                Tensors.of(new float[dimensions * features], dimensions, features));
        made.add(RESIDUAL + ".bias", Tensors.of(new float[dimensions], dimensions));
        made.add("mean", Tensors.of(mean, features));
        return made.add("deviation", Tensors.of(deviation, features));
    }

    @Override
    public Tensor forward(Tensor features, boolean training) {
        Tensor placed = probabilities(parameters, features).matmul(parameters.get("targets"));
        if (!parameters.has(RESIDUAL + ".weight")) {
            return placed;
        }
        Tensor standard = features.minus(parameters.get("mean")).over(parameters.get("deviation"));
        return placed.plus(
                Nn.linear(
                        standard,
                        parameters.get(RESIDUAL + ".weight"),
                        parameters.get(RESIDUAL + ".bias")));
    }

    /**
     * What the classifier among {@code parameters} gives each class, [n, C], for features [n, F].
     */
    public static Tensor probabilities(Parameters parameters, Tensor features) {
        Tensor classifier = parameters.get("classifier.weight");
        Tensor seen = features.narrow(1, 0, classifier.size(1));
        return Nn.softmax(Nn.linear(seen, classifier, parameters.get("classifier.bias")), 1);
    }

    @Override
    public boolean trainable(String name) {
        return name.equals("targets") || name.startsWith(RESIDUAL);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new FeatureHead(other);
    }
}
