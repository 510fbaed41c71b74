package io.cospace.service.batching;

import java.util.List;

/**
 * Computes one batch of a lane; for example one ONNX Runtime call.
 *
 * @param <I> prepared item
 * @param <O> result of one item
 */
@FunctionalInterface
public interface BatchFunction<I, O> {

    /**
     * Answers a batch. Called by several dispatcher threads at once, so it must be thread-safe.
     *
     * @param items at least one, in slot order; valid during the call only
     * @return one result a slot, in the same order; any other size fails the batch
     * @throws Exception any failure: the batch is halved and run again until the guilty item is
     *     alone
     */
    List<O> run(List<I> items, Placement placement) throws Exception;
}
