package io.cospace.training.model;

import io.cospace.training.torch.Tensor;

/**
 * One tower behind another, such as a backbone and its head, whose names must not clash. To be made
 * outside of a step's scope, as parameters are.
 */
public final class Chain implements Tower {
    private final Tower first;
    private final Tower second;
    private final Parameters both = new Parameters();

    /**
     * Joins two towers.
     *
     * @param first reads the input
     * @param second reads what the first gives
     */
    public Chain(Tower first, Tower second) {
        this.first = first;
        this.second = second;
        first.parameters().all().forEach(both::add);
        second.parameters()
                .all()
                .forEach((name, tensor) -> {
                    if (both.has(name)) {
                        throw new IllegalArgumentException("both towers have a tensor " + name);
                    }
                    both.add(name, tensor);
                });
    }

    /** The tower that reads the input. */
    public Tower first() {
        return first;
    }

    /** The tower that reads what the first gives. */
    public Tower second() {
        return second;
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        return second.forward(first.forward(input, training), training);
    }

    @Override
    public Parameters parameters() {
        return both;
    }

    @Override
    public Tower over(Parameters other) {
        return new Chain(first.over(part(first, other)), second.over(part(second, other)));
    }

    private static Parameters part(Tower tower, Parameters from) {
        Parameters part = new Parameters();
        tower.parameters().all().keySet().forEach(name -> part.add(name, from.get(name)));
        return part;
    }

    @Override
    public boolean trainable(String name) {
        return first.parameters().has(name) ? first.trainable(name) : second.trainable(name);
    }

    @Override
    public int depth() {
        return first.depth();
    }
}
