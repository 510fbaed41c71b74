package io.cospace.service.batching;

/**
 * One call of a lane's {@link BatchFunction}.
 *
 * @param lane name of the lane
 * @param priority class of its entries
 * @param placement dispatcher and cores
 * @param rows items in the run
 * @param units sum of their lengths
 * @param paddedUnits rows x longest
 * @param predictedMillis cost by the model, before the run
 * @param runNanos time it took
 * @param succeeded false when it threw, or gave a wrong count or an invalid value
 */
public record BatchRun(
        String lane,
        Priority priority,
        Placement placement,
        int rows,
        long units,
        long paddedUnits,
        double predictedMillis,
        long runNanos,
        boolean succeeded) {

    static BatchRun of(Batch<?, ?> batch, Placement placement, long runNanos, boolean succeeded) {
        return new BatchRun(
                batch.lane().name(),
                batch.priority(),
                placement,
                batch.rows(),
                batch.units(),
                batch.paddedUnits(),
                batch.predictedMillis(),
                runNanos,
                succeeded);
    }

    /** Share of the padded batch that is padding, 0 .. 1. */
    public double paddingRatio() {
        return 1.0 - (double) units / paddedUnits;
    }
}
