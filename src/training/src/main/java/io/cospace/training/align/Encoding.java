package io.cospace.training.align;

import io.cospace.training.model.Tower;
import io.cospace.training.torch.Autocast;
import io.cospace.training.torch.Device;
import io.cospace.training.torch.Kind;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rows through a tower to vectors of unit length, all at once or some at a time. Random numbers of
 * dropout and noise depend on seed, step, rank, side and place only, so that a second pass over the
 * same rows draws the same ones and a step repeated after a crash too.
 */
final class Encoding {
    private final Stage.Optimiser settings;
    private final long step;
    private final int rank;

    Encoding(Stage.Optimiser settings, long step, int rank) {
        this.settings = settings;
        this.step = step;
        this.rank = rank;
    }

    /** Vectors [n, D] with the history that gradients need. */
    Tensor whole(Tower tower, Side side, Tensor input, boolean training) {
        return encode(tower, side, input, 0, training);
    }

    /** Vectors [n, D] without history, some rows at a time. */
    Tensor constant(Tower tower, Side side, Tensor input, boolean training) {
        List<Tensor> parts = new ArrayList<>();
        try (Torch.NoGradient _ = Torch.noGradient()) {
            pieces(
                    input,
                    start -> parts.add(encode(tower, side, rows(input, start), start, training)));
        }
        return parts.size() == 1 ? parts.getFirst() : Tensors.concat(0, parts);
    }

    /**
     * Sends the gradient of vectors back through a tower, some rows at a time (Gao et al. 2021,
     * "GradCache").
     */
    void backward(Tower tower, Side side, Tensor input, Tensor gradient) {
        pieces(
                input,
                start -> {
                    Tensor some = rows(input, start);
                    Tensor vectors = encode(tower, side, some, start, true);
                    if (vectors.requiresGradient()) {
                        vectors.times(gradient.narrow(0, start, some.size(0))).sum().backward();
                    }
                });
    }

    private Tensor encode(Tower tower, Side side, Tensor input, long start, boolean training) {
        if (training) {
            Torch.seed(mixed(side, start));
        }
        Device device = tower.parameters().all().isEmpty() ? Device.CPU : device(tower);
        Tensor moved = input.to(device);
        boolean noisy = training && settings.textNoise() > 0 && side.part() == Side.Part.TEXT;
        Tensor noised = noisy ? noised(moved) : moved;
        Tensor raw;
        try (Autocast _ = Autocast.bf16(device, settings.bf16())) {
            raw = tower.forward(noised, training);
        }
        return (raw.kind() == Kind.BF16 ? raw.to(Kind.F32) : raw).unit();
    }

    private static Device device(Tower tower) {
        return tower.parameters().all().values().iterator().next().device();
    }

    private Tensor noised(Tensor rows) {
        double length = settings.textNoise() / Math.sqrt((double) rows.size(1));
        return rows.unit().plus(Tensors.normalLike(rows).times(length)).unit();
    }

    private Tensor rows(Tensor input, long start) {
        long count = settings.microBatch() == 0 ? input.size(0) : settings.microBatch();
        return input.narrow(0, start, Math.min(count, input.size(0) - start));
    }

    private void pieces(Tensor input, Consumer<Long> piece) {
        long count = settings.microBatch() == 0 ? input.size(0) : settings.microBatch();
        for (long start = 0; start < input.size(0); start += count) {
            piece.accept(start);
        }
    }

    /** SplitMix64's finaliser over all that the numbers may depend on. */
    private long mixed(Side side, long start) {
        long z = settings.seed();
        for (long part : new long[] {step, rank, number(side), start}) {
            z = (z ^ part) + 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
        }
        return z;
    }

    private static long number(Side side) {
        return switch (side) {
            case IMAGE -> 1;
            case TEXT -> 2;
            case SECOND_TEXT -> 3;
            case NEGATIVE_TEXT -> 4;
            case REPLAY -> 5;
        };
    }
}
