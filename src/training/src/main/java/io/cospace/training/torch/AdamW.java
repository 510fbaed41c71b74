package io.cospace.training.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), in the order of
 * operations of {@code torch.optim.AdamW} without foreach, so that both round alike. Written here
 * and not taken from the engine, for its state has to be saved and its options hide behind a tuple
 * whose order depends on the C++ library. Parameters without a gradient are left alone.
 */
public final class AdamW {
    private final Settings settings;
    private final List<Slot> slots = new ArrayList<>();

    /**
     * What holds for all parameters.
     *
     * @param beta1 share of the first moment that stays, 0..1
     * @param beta2 share of the second moment that stays, 0..1
     * @param epsilon added to the root of the second moment
     */
    public record Settings(double beta1, double beta2, double epsilon) {
        public Settings {
            if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon >= 0)) {
                throw new IllegalArgumentException(
                        "betas %s, %s and epsilon %s: betas must be 0 to below 1, epsilon at least 0"
                                .formatted(beta1, beta2, epsilon));
            }
        }
    }

    /**
     * One parameter.
     *
     * @param name unique; the state is saved under it
     * @param rate its share of the learning rate
     * @param weightDecay pulled towards 0 by {@code rate * weightDecay} a step
     */
    public record Parameter(String name, Tensor value, double rate, double weightDecay) {}

    private static final class Slot {
        final Parameter parameter;
        final Tensor mean;
        final Tensor square;
        long steps;

        Slot(Parameter parameter) {
            this.parameter = parameter;
            mean = Tensors.zerosLike(parameter.value()).kept();
            square = Tensors.zerosLike(parameter.value()).kept();
        }
    }

    /** An optimiser that has made no step yet. */
    public AdamW(Settings settings, List<Parameter> parameters) {
        this.settings = settings;
        for (Parameter parameter : parameters) {
            slots.add(new Slot(parameter));
        }
    }

    /** Moves every parameter by its gradient. */
    public void step(double learningRate) {
        try (Torch.NoGradient _ = Torch.noGradient()) {
            for (Slot slot : slots) {
                Tensor gradient = slot.parameter.value().gradient();
                if (gradient != null) {
                    move(slot, gradient, learningRate * slot.parameter.rate());
                }
            }
        }
    }

    private void move(Slot slot, Tensor gradient, double rate) {
        Tensor value = slot.parameter.value();
        slot.steps++;
        value.timesInPlace(1 - rate * slot.parameter.weightDecay());
        slot.mean.towardsInPlace(gradient, 1 - settings.beta1());
        slot.square
                .timesInPlace(settings.beta2())
                .plusProductInPlace(gradient, gradient, 1 - settings.beta2());
        double first = 1 - Math.pow(settings.beta1(), (double) slot.steps);
        double second = Math.sqrt(1 - Math.pow(settings.beta2(), (double) slot.steps));
        Tensor root = slot.square.sqrt().over(second).plusInPlace(settings.epsilon());
        value.plusQuotientInPlace(slot.mean, root, -rate / first);
    }

    /** Forgets all gradients. */
    public void clearGradients() {
        slots.forEach(slot -> slot.parameter.value().clearGradient());
    }

    /**
     * Brings the gradients, taken as one vector, to at most a length, as {@code clip_grad_norm_}:
     * by the factor {@code most / (length + 1e-6)} where that is below 1.
     *
     * @param most infinity to only measure
     * @return the length before
     */
    public double clip(double most) {
        try (Torch.NoGradient _ = Torch.noGradient()) {
            List<Tensor> gradients = new ArrayList<>();
            for (Slot slot : slots) {
                Tensor gradient = slot.parameter.value().gradient();
                if (gradient != null) {
                    gradients.add(gradient);
                }
            }
            if (gradients.isEmpty()) {
                return 0;
            }
            double length =
                    Tensors.stack(0, gradients.stream().map(Tensor::length).toList())
                            .length()
                            .item();
            double factor = most / (length + 1e-6);
            if (factor < 1) {
                gradients.forEach(gradient -> gradient.timesInPlace(factor));
            }
            return length;
        }
    }

    /** Moments and numbers of steps, to be saved; shares memory with this. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        long[] steps = new long[slots.size()];
        for (int i = 0; i < steps.length; i++) {
            Slot slot = slots.get(i);
            steps[i] = slot.steps;
            state.put("mean." + slot.parameter.name(), slot.mean);
            state.put("square." + slot.parameter.name(), slot.square);
        }
        state.put("steps", Tensors.of(steps, steps.length));
        return state;
    }

    /**
     * Goes on from a state.
     *
     * @throws IllegalArgumentException if it belongs to other parameters
     */
    public void restore(Map<String, Tensor> state) {
        long[] steps = given(state, "steps").toLongs();
        if (steps.length != slots.size()) {
            throw new IllegalArgumentException(
                    "state of %d parameters for an optimiser of %d"
                            .formatted(steps.length, slots.size()));
        }
        for (int i = 0; i < steps.length; i++) {
            Slot slot = slots.get(i);
            slot.steps = steps[i];
            slot.mean.copyInPlace(given(state, "mean." + slot.parameter.name()));
            slot.square.copyInPlace(given(state, "square." + slot.parameter.name()));
        }
    }

    private static Tensor given(Map<String, Tensor> state, String name) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the optimiser's state lacks " + name);
        }
        return tensor;
    }
}
