package io.cospace.training.data;

import java.util.Arrays;

/**
 * Which samples a step trains on: every epoch in an order of its own, batch after batch; what does
 * not fill a batch at its end waits for another epoch. A step's samples are a function of its
 * number alone, so resuming needs no position. Not thread-safe.
 */
public final class Schedule {
    private final int samples;
    private final int batch;
    private final long seed;
    private long epoch = -1;
    private int[] order = new int[0];

    /**
     * For a data set.
     *
     * @param samples how many it has
     * @param batch samples a step, over all processes: 1..samples
     */
    public Schedule(int samples, int batch, long seed) {
        if (batch < 1 || batch > samples) {
            throw new TrainingDataException(
                    "batch is %d; the data have %d samples, so it must be 1..%d"
                            .formatted(batch, samples, samples));
        }
        this.samples = samples;
        this.batch = batch;
        this.seed = seed;
    }

    /** How many steps an epoch has. */
    public int stepsPerEpoch() {
        return samples / batch;
    }

    /** The epoch that a step belongs to, from 0. */
    public long epoch(long step) {
        return step / stepsPerEpoch();
    }

    /** The samples of a step, from 0, over all processes: [batch]. */
    public int[] samples(long step) {
        if (epoch != epoch(step)) {
            epoch = epoch(step);
            order = Draws.order(samples, seed, epoch);
        }
        int from = Math.toIntExact(step % stepsPerEpoch()) * batch;
        return Arrays.copyOfRange(order, from, from + batch);
    }

    /**
     * The part of a step's samples that one process works on.
     *
     * @param rank of the process, 0..world-1
     * @param world how many processes there are; the batch must be a multiple of it
     */
    public int[] samples(long step, int rank, int world) {
        if (batch % world != 0) {
            throw new TrainingDataException(
                    "batch is %d; it must be a multiple of the %d processes"
                            .formatted(batch, world));
        }
        int each = batch / world;
        return Arrays.copyOfRange(samples(step), rank * each, (rank + 1) * each);
    }
}
